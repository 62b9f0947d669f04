package io.eddy.series;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a record does not have the expected form.
 *
 * <p>The message states the problem and may quote the record. {@link #reason()} states the problem
 * without any content of the record.
 */
public final class InvalidRecordException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String reason;

  /** Creates an exception whose message quotes no content of the record. */
  public InvalidRecordException(String format, @Nullable Object... arguments) {
    this(arguments.length == 0 ? format : format.formatted(arguments), "");
  }

  private InvalidRecordException(String reason, String content) {
    super(reason + content);
    this.reason = reason;
  }

  /** Returns an exception whose message also quotes the content found. */
  public InvalidRecordException got(@Nullable Object content) {
    return new InvalidRecordException(reason, ", got " + content);
  }

  /** Returns an exception whose message also contains the parser's message. */
  public InvalidRecordException because(@Nullable String message) {
    return new InvalidRecordException(reason, ": " + message);
  }

  /** Returns the problem without any content of the record. */
  public String reason() {
    return reason;
  }
}
