/** The command line. */
@NullMarked
package io.eddy.cli;

import org.jspecify.annotations.NullMarked;
