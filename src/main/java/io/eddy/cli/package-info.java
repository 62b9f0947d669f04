/**
 * The command line: commands, settings, and all wiring. A command says what it did on standard
 * output, how far it is and what is wrong on standard error.
 */
@NullMarked
package io.eddy.cli;

import org.jspecify.annotations.NullMarked;
