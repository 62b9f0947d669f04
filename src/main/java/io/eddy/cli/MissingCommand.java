package io.eddy.cli;

import io.eddy.cli.terminal.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Stands in for a {@link DevelopmentCommand} that is not part of the installation. */
@Command(hidden = true)
final class MissingCommand implements Runnable {
  private final String name;

  private MissingCommand(String name) {
    this.name = name;
  }

  /** Returns the command, which accepts any arguments. */
  static CommandLine of(String name) {
    return new CommandLine(new MissingCommand(name)).setUnmatchedArgumentsAllowed(true);
  }

  @Override
  public void run() {
    throw new UsageException("the command " + name + " is not part of this installation");
  }
}
