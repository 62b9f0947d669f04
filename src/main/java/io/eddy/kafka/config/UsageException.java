package io.eddy.kafka.config;

/** Options that do not fit together, or a setting that is wrong: bad usage, exit code 2. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UsageException(String message) {
    super(message);
  }
}
