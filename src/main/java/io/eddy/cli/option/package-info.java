/** Options that several commands share. */
@NullMarked
package io.eddy.cli.option;

import org.jspecify.annotations.NullMarked;
