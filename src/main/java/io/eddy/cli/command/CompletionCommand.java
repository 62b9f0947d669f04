package io.eddy.cli.command;

import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.UsageException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eddy completion}. */
@Command(
    name = "completion",
    description = {
      "Prints a script that completes commands and options in a shell.",
      "Load it with source <(eddy completion bash), or zsh, for example in ~/.bashrc."
    },
    mixinStandardHelpOptions = true)
public final class CompletionCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "The shell: bash or zsh.")
  private String shell = "";

  @Override
  public Integer call() {
    if (!shell.equals("bash") && !shell.equals("zsh")) {
      throw new UsageException("SHELL: expected bash or zsh, got '%s'".formatted(shell));
    }
    CommandLine root = Objects.requireNonNull(spec).root().commandLine();
    // The script of picocli loads zsh's emulation of bash completion by itself.
    Console.of(spec).println("%s", AutoComplete.bash(root.getCommandName(), root));
    return ExitCode.OK;
  }
}
