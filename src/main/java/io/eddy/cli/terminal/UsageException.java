package io.eddy.cli.terminal;

/** Thrown if options of a command are invalid or contradict each other; the exit code is 2. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UsageException(String message) {
    super(message);
  }
}
