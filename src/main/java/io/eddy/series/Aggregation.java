package io.eddy.series;

import java.util.Locale;

/**
 * Function that reduces the observations of a step to its value.
 *
 * <p>{@link #FIRST} closes a step at its first observation, so its forecast is published
 * immediately. All other functions close a step when an observation of a later step arrives.
 */
public enum Aggregation {
  FIRST(0),
  LAST(1),
  MEAN(2),
  SUM(3),
  MIN(4),
  MAX(5),
  COUNT(6);

  private final byte code;

  Aggregation(int code) {
    this.code = (byte) code;
  }

  /** Returns the stable code that identifies this function in stored state. */
  public byte code() {
    return code;
  }

  /**
   * Returns the function with the given code.
   *
   * @throws IllegalArgumentException if the code is unknown
   */
  public static Aggregation of(byte code) {
    for (Aggregation aggregation : values()) {
      if (aggregation.code == code) {
        return aggregation;
      }
    }
    throw new IllegalArgumentException("aggregation: unknown code " + code);
  }

  /** Returns the name used in settings and model files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the function with the given name.
   *
   * @throws IllegalArgumentException if the name is unknown; the message lists the valid names
   */
  public static Aggregation of(String id) {
    for (Aggregation aggregation : values()) {
      if (aggregation.id().equals(id)) {
        return aggregation;
      }
    }
    throw new IllegalArgumentException(
        "aggregation: expected first, last, mean, sum, min, max or count, got " + id);
  }
}
