/**
 * Commands, one class each; a parent command only lists its subcommands.
 *
 * <p>A command writes its result to standard output, and progress, warnings and errors to standard
 * error.
 */
@NullMarked
package io.eddy.cli.command;

import org.jspecify.annotations.NullMarked;
