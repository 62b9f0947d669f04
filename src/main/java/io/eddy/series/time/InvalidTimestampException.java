package io.eddy.series.time;

/** Thrown when text or a number is not a time of the expected form. */
public final class InvalidTimestampException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception without a stack trace.
   *
   * @param reason what was expected and found, without any content of the record
   */
  InvalidTimestampException(String reason) {
    super(reason, null, false, false);
  }

  /** Returns what was expected and found, without any content of the record. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
