package io.eddy.model;

import io.eddy.series.Observation;
import java.util.Set;

/**
 * A covariate that a model takes as input.
 *
 * @param name of the event's field or of the CSV column
 * @param kind past, known-future or static
 * @param mean over the training series if static; else 0
 * @param standardDeviation over the training series if static, above 0; else 1
 */
public record Covariate(String name, CovariateKind kind, double mean, double standardDeviation) {
  private static final int MAX_NAME_LENGTH = 256;
  private static final Set<String> RESERVED = Set.of("series", "timestamp", "value");

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
          "covariate %s: expected no mean and spread, which only static covariates have"
              .formatted(name));
    }
  }

  /** Creates a past covariate, which is measured with each value. */
  public static Covariate past(String name) {
    return new Covariate(name, CovariateKind.PAST, 0, 1);
  }

  /** Creates a known-future covariate, which is also known for the steps ahead. */
  public static Covariate future(String name) {
    return new Covariate(name, CovariateKind.FUTURE, 0, 1);
  }

  /** Creates a static covariate, which is constant for a series. */
  public static Covariate staticCovariate(String name, double mean, double standardDeviation) {
    return new Covariate(name, CovariateKind.STATIC, mean, standardDeviation);
  }

  /** Throws {@link IllegalArgumentException} if a covariate cannot have this name. */
  public static void requireName(String name) {
    if (name.isBlank() || name.length() > MAX_NAME_LENGTH || RESERVED.contains(name)) {
      throw new IllegalArgumentException(
          "covariate: expected a name of 1 to %d characters other than series, timestamp and value,"
                  .formatted(MAX_NAME_LENGTH)
              + " got '%s'".formatted(name));
    }
  }
}
