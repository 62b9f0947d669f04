package io.eddy.cli.terminal;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Standard output and standard error of a command.
 *
 * @param out receives the result
 * @param err receives progress, warnings and errors
 * @param command the command, with whose settings hints are completed
 */
public record Console(PrintWriter out, PrintWriter err, CommandSpec command) {
  /** Returns the console of the command that {@code spec} describes. */
  public static Console of(@Nullable CommandSpec spec) {
    CommandSpec command = Objects.requireNonNull(spec);
    return new Console(command.commandLine().getOut(), command.commandLine().getErr(), command);
  }

  /** Prints a formatted line to standard output. */
  public void println(String format, @Nullable Object... arguments) {
    out.println(format.formatted(arguments));
    out.flush();
  }

  /** Prints a formatted line to standard error. */
  public void printErr(String format, @Nullable Object... arguments) {
    err.println(Hints.complete(format.formatted(arguments), command));
    err.flush();
  }
}
