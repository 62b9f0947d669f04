package io.eddy.kafka.state;

/** Thrown if a stored value has a layout that this release does not read. */
public final class UnknownLayoutException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception.
   *
   * @param value kind of the value, such as {@code series state}
   * @param layout its first byte
   */
  public UnknownLayoutException(String value, byte layout) {
    super(
        ("%s: unknown layout %d, written by another release of Eddy: run that release, or start over"
                + " with `eddy reset`")
            .formatted(value, layout));
  }
}
