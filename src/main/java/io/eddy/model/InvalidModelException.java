package io.eddy.model;

import org.jspecify.annotations.Nullable;

/** Thrown for a model file or record that cannot be served. The message has the reason. */
public final class InvalidModelException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public InvalidModelException(String format, @Nullable Object... arguments) {
    super(arguments.length == 0 ? format : format.formatted(arguments));
  }
}
