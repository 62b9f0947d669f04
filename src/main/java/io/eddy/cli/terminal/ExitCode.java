package io.eddy.cli.terminal;

/** Exit codes of commands. */
public final class ExitCode {
  public static final int OK = 0;

  /** The command failed, or found a difference or problem. */
  public static final int FAILED = 1;

  /** Options or settings are invalid. */
  public static final int BAD_USAGE = 2;

  private ExitCode() {}
}
