package io.eddy.series;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Decides which of several observations of one series with the same timestamp counts. The others
 * are ignored as a whole, with their covariates.
 */
public enum Duplicates {
  /** The first one in the order of the partition, or of the rows of a file. */
  FIRST,
  /** The last one in that order: a later observation corrects an earlier one. */
  LAST,
  /** The one with the largest value. The result does not depend on the order. */
  MAX;

  /** Returns the name used in settings and options. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the rule with the given name.
   *
   * @throws IllegalArgumentException if the name is unknown; the message lists the valid names
   */
  public static Duplicates of(String id) {
    for (Duplicates rule : values()) {
      if (rule.id().equals(id)) {
        return rule;
      }
    }
    throw new IllegalArgumentException(
        "duplicates: expected %s, got '%s'"
            .formatted(
                Arrays.stream(values()).map(Duplicates::id).collect(Collectors.joining(", ")), id));
  }

  /** Returns whether an observation replaces an earlier one of the same time. */
  public boolean replaces(Observation later, Observation earlier) {
    return this != FIRST && replaces(compare(later, earlier));
  }

  /**
   * Returns whether a value replaces an earlier one of the same time.
   *
   * @param comparison of the later value with the earlier one
   */
  boolean replaces(int comparison) {
    return this == MAX ? comparison > 0 : this == LAST && comparison != 0;
  }

  private static int compare(Observation a, Observation b) {
    int byValue = Double.compare(a.value(), b.value());
    return byValue != 0 || (hasValueOnly(a) && hasValueOnly(b))
        ? byValue
        : covariateKey(a).compareTo(covariateKey(b));
  }

  private static boolean hasValueOnly(Observation observation) {
    return observation.covariates().isEmpty() && observation.futureCovariates().isEmpty();
  }

  private static String covariateKey(Observation observation) {
    return observation.covariates().values() + " " + observation.futureCovariates();
  }
}
