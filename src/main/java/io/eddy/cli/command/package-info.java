/**
 * Commands, one class each.
 *
 * <p>A command writes its result to standard output, and progress and errors to standard error.
 */
@NullMarked
package io.eddy.cli.command;

import org.jspecify.annotations.NullMarked;
