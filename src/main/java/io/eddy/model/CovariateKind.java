package io.eddy.model;

import java.util.Locale;

/** How a covariate is known, and so how it is scaled. */
public enum CovariateKind {
  /** Measured with each value; by its level and scale in the series, as the values are. */
  PAST,
  /** Measured likewise, and known of the steps ahead as well; scaled as a past one. */
  FUTURE,
  /** The same for all of a series; by mean and spread over the series that were trained on. */
  STATIC;

  /** The name in model files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind of that name; throws {@link IllegalArgumentException} naming those there are. */
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
