package io.eddy.model;

import java.util.List;

/** What the head's numbers mean, and by which losses they can be learned, the usual one first. */
public enum HeadKind {
  /** Quantiles by levels, free of any assumption on how values spread. */
  QUANTILES,
  /** One number a step. */
  POINT,
  /** Mean and standard deviation of a normal distribution. */
  GAUSSIAN,
  /** Mean and scale of a Student-t distribution, whose tails are heavy. */
  STUDENT_T,
  /** Probabilities of classes: the values are states, not amounts. */
  SOFTMAX;

  /** The kind of that {@link #id}. */
  public static HeadKind of(String id) {
    return EnumIds.parse(HeadKind.class, "head", id);
  }

  /** The one that a model without a word on its head has: point where there are no levels. */
  public static HeadKind of(List<Double> quantileLevels) {
    return quantileLevels.isEmpty() ? POINT : QUANTILES;
  }

  /** Name in model files and options. */
  public String id() {
    return EnumIds.of(this);
  }

  /** Losses that can teach it; the first is meant where none is named. */
  public List<LossKind> losses() {
    return switch (this) {
      case QUANTILES -> List.of(LossKind.PINBALL);
      case POINT -> List.of(LossKind.SQUARED, LossKind.ABSOLUTE, LossKind.HUBER);
      case GAUSSIAN, STUDENT_T -> List.of(LossKind.LIKELIHOOD);
      case SOFTMAX -> List.of(LossKind.CROSS_ENTROPY);
    };
  }

  /** Whether it forecasts quantiles by levels. */
  public boolean hasLevels() {
    return switch (this) {
      case QUANTILES, GAUSSIAN, STUDENT_T -> true;
      case POINT, SOFTMAX -> false;
    };
  }
}
