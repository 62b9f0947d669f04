package io.eddy.series;

import org.jspecify.annotations.Nullable;

/**
 * A record that is not of the form it should have; the message says how, and may quote it. The
 * reason says it without any of the record's content.
 */
public final class InvalidRecordException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String reason;

  /** Whose message quotes nothing of a record. */
  public InvalidRecordException(String format, @Nullable Object... arguments) {
    this(arguments.length == 0 ? format : format.formatted(arguments), "");
  }

  private InvalidRecordException(String reason, String content) {
    super(reason + content);
    this.reason = reason;
  }

  /** The same, with what was found in the record in its message. */
  public InvalidRecordException got(@Nullable Object content) {
    return new InvalidRecordException(reason, ", got " + content);
  }

  /** The same, with what the record's reader said of it in its message. */
  public InvalidRecordException because(@Nullable String said) {
    return new InvalidRecordException(reason, ": " + said);
  }

  /** What is wrong, without anything of the record's content. */
  public String reason() {
    return reason;
  }
}
