package io.eddy.model;

import java.util.Locale;

/** Kind of a covariate, which determines how it is scaled. */
public enum CovariateKind {
  /** Measured with each value. Scaled by its level and scale in the series, as values are. */
  PAST,
  /** Measured with each value and known for the steps ahead. Scaled as a past covariate. */
  FUTURE,
  /** Constant for a series. Scaled by mean and standard deviation over the training series. */
  STATIC;

  /** Returns the name in model files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the kind with this name, or throws {@link IllegalArgumentException}. */
  public static CovariateKind of(String id) {
    for (CovariateKind kind : values()) {
      if (kind.id().equals(id)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "covariate kind: expected past, future or static, got " + id);
  }
}
