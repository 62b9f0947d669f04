package io.eddy.series;

import java.util.Locale;

/**
 * How the observations of one step become its value.
 *
 * <p>{@link #FIRST} closes a step at its first observation, so that a forecast leaves at once;
 * every other kind closes it when an observation of a later step arrives.
 */
public enum Aggregation {
  FIRST,
  LAST,
  MEAN,
  SUM,
  MIN,
  MAX,
  COUNT;

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
