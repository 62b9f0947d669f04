package io.eddy.cli.terminal;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command speaks: results on standard output, everything else on standard error. */
public record Console(PrintWriter out, PrintWriter err) {
  public static Console of(@Nullable CommandSpec spec) {
    CommandSpec command = Objects.requireNonNull(spec);
    return new Console(command.commandLine().getOut(), command.commandLine().getErr());
  }

  /** A line of result. */
  public void say(String format, @Nullable Object... arguments) {
    out.println(format.formatted(arguments));
    out.flush();
  }

  /** A line beside the result. */
  public void note(String format, @Nullable Object... arguments) {
    err.println(format.formatted(arguments));
    err.flush();
  }
}
