package io.eddy.model;

import java.util.List;

/** Kind of forecast that a head makes, and the losses that can train it. */
public enum HeadKind {
  /** Quantiles at given levels, without an assumption about the distribution. */
  QUANTILES,
  /** One number per step. */
  POINT,
  /** Mean and standard deviation of a normal distribution. */
  GAUSSIAN,
  /** Mean and scale of a Student-t distribution, which has heavy tails. */
  STUDENT_T,
  /** Mean and dispersion of a negative binomial distribution, for counts. */
  NEGATIVE_BINOMIAL,
  /** Probabilities of classes, for values that are states and not amounts. */
  SOFTMAX;

  /** Returns the kind with this {@link #id}. */
  public static HeadKind of(String id) {
    return EnumIds.parse(HeadKind.class, "head", id);
  }

  /** Returns the default kind for quantile levels: a point forecast without any. */
  public static HeadKind of(List<Double> quantileLevels) {
    return quantileLevels.isEmpty() ? POINT : QUANTILES;
  }

  /** Returns the name in model files and options. */
  public String id() {
    return EnumIds.of(this);
  }

  /** Returns the losses that can train this kind, the default first. */
  public List<LossKind> losses() {
    return switch (this) {
      case QUANTILES -> List.of(LossKind.PINBALL);
      case POINT -> List.of(LossKind.SQUARED, LossKind.ABSOLUTE, LossKind.HUBER);
      case GAUSSIAN, STUDENT_T, NEGATIVE_BINOMIAL -> List.of(LossKind.LIKELIHOOD);
      case SOFTMAX -> List.of(LossKind.CROSS_ENTROPY);
    };
  }

  /** Returns whether the forecast has quantile levels. */
  public boolean hasLevels() {
    return switch (this) {
      case QUANTILES, GAUSSIAN, STUDENT_T, NEGATIVE_BINOMIAL -> true;
      case POINT, SOFTMAX -> false;
    };
  }
}
