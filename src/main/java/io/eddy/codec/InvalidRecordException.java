package io.eddy.codec;

import org.jspecify.annotations.Nullable;

/** A record that is not of the form it should have; the message says how. */
public final class InvalidRecordException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public InvalidRecordException(String format, @Nullable Object... arguments) {
    super(arguments.length == 0 ? format : format.formatted(arguments));
  }
}
