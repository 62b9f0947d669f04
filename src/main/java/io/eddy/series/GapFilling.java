package io.eddy.series;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What stands in for the value of a step in which nothing was measured. */
public enum GapFilling {
  /** The value of the step before. */
  LAST,
  /** What was forecast for it after the step before: the median, point or likeliest class. */
  MEDIAN,
  /** The value one season before, or the step before's while that lies before the series' begin. */
  SEASONAL;

  /** The name in options and model files; never changes. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of that name; throws {@link IllegalArgumentException} naming those there are. */
  public static GapFilling of(String id) {
    return Arrays.stream(values())
        .filter(one -> one.id().equals(id))
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
