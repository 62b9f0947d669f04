package io.eddy.model;

import io.eddy.series.Observation;
import java.util.Set;

/**
 * A covariate that a model takes.
 *
 * @param name of the event's field, or of the CSV's column
 * @param kind how it is known
 * @param mean over the series that were trained on, of a static one; else 0
 * @param standardDeviation likewise the standard deviation, above 0; else 1
 */
public record Covariate(String name, CovariateKind kind, double mean, double standardDeviation) {
  private static final int LONGEST_NAME = 256;
  private static final Set<String> TAKEN = Set.of("series", "timestamp", "value");

  public Covariate {
    requireName(name);
    if (!Observation.isInRange(mean)
        || !(standardDeviation > 0 && Observation.isInRange(standardDeviation))) {
      throw new IllegalArgumentException(
          "covariate %s: expected a mean and a spread above 0 within ±1e35, got %s and %s"
              .formatted(name, mean, standardDeviation));
    }
    if (kind != CovariateKind.STATIC && (mean != 0 || standardDeviation != 1)) {
      throw new IllegalArgumentException(
          "covariate %s: expected no mean and spread, which are for static ones".formatted(name));
    }
  }

  /** One that is measured with each value. */
  public static Covariate past(String name) {
    return new Covariate(name, CovariateKind.PAST, 0, 1);
  }

  /** One that is measured with each value, and known of the steps ahead. */
  public static Covariate future(String name) {
    return new Covariate(name, CovariateKind.FUTURE, 0, 1);
  }

  /** One that is the same for all of a series. */
  public static Covariate staticCovariate(String name, double mean, double standardDeviation) {
    return new Covariate(name, CovariateKind.STATIC, mean, standardDeviation);
  }

  /** Makes sure that a covariate can have that name. */
  public static void requireName(String name) {
    if (name.isBlank() || name.length() > LONGEST_NAME || TAKEN.contains(name)) {
      throw new IllegalArgumentException(
          "covariate: expected a name of 1 to %d characters, and not series, timestamp or value,"
                  .formatted(LONGEST_NAME)
              + " got '%s'".formatted(name));
    }
  }
}
