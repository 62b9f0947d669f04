package io.eddy.cli;

/** Options that do not fit together, or a setting that is wrong: bad usage, exit code 2. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
