package io.eddy.series;

import java.util.Locale;

/**
 * How the observations of one step become its value.
 *
 * <p>{@link #FIRST} closes a step at its first observation, so that a forecast leaves at once;
 * every other kind closes it when an observation of a later step arrives.
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

  /** The number that stands for it in stored states; never changes. */
  public byte code() {
    return code;
  }

  /** The aggregation of that code; throws {@link IllegalArgumentException} where there is none. */
  public static Aggregation of(byte code) {
    for (Aggregation aggregation : values()) {
      if (aggregation.code == code) {
        return aggregation;
      }
    }
    throw new IllegalArgumentException("aggregation: no kind has the code " + code);
  }

  /** The name in configuration and model files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The aggregation of that name; throws {@link IllegalArgumentException} naming those there are.
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
