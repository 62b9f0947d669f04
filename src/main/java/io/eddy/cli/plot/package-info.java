/** Plots as SVG. */
@NullMarked
package io.eddy.cli.plot;

import org.jspecify.annotations.NullMarked;
