/**
 * The terminal and the process: standard output and error, progress bar, output files, signals and
 * exit codes.
 */
@NullMarked
package io.eddy.cli.terminal;

import org.jspecify.annotations.NullMarked;
