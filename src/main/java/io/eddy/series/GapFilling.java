package io.eddy.series;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Imputation method for steps without an observation. */
public enum GapFilling {
  /** Repeats the value of the previous step. */
  LAST,
  /**
   * Uses the one-step-ahead forecast: the median, the point forecast or the most probable class.
   */
  MEDIAN,
  /** Repeats the value one season earlier, or the previous step's value during the first season. */
  SEASONAL;

  /** Returns the stable name used in options and model files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the method with the given name.
   *
   * @throws IllegalArgumentException if the name is unknown; the message lists the valid names
   */
  public static GapFilling of(String id) {
    return Arrays.stream(values())
        .filter(method -> method.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "gaps: expected %s, got %s"
                        .formatted(
                            Arrays.stream(values())
                                .map(GapFilling::id)
                                .collect(Collectors.joining(", ")),
                            id)));
  }
}
