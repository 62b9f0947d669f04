package io.eddy.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the head's numbers mean, and by which losses they can be learned, the usual one first. */
public enum HeadKind {
  /** Quantiles by levels, free of any assumption on how values spread. */
  QUANTILES,
  /** One number a step. */
  POINT,
  /** Mean and standard deviation of a normal distribution. */
  GAUSSIAN,
  /** Mean and scale of a Student-t distribution, whose tails are heavy. */
  STUDENT_T;

  /** The kind of that {@link #id}. */
  public static HeadKind of(String id) {
    return Arrays.stream(values())
        .filter(kind -> kind.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "head: expected %s, got %s"
                        .formatted(
                            Arrays.stream(values())
                                .map(HeadKind::id)
                                .collect(Collectors.joining(", ")),
                            id)));
  }

  /** The one that a model without a word on its head has: point where there are no levels. */
  public static HeadKind of(List<Double> quantileLevels) {
    return quantileLevels.isEmpty() ? POINT : QUANTILES;
  }

  /** Name in model files and options. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Losses that can teach it; the first is meant where none is named. */
  public List<LossKind> losses() {
    return switch (this) {
      case QUANTILES -> List.of(LossKind.PINBALL);
      case POINT -> List.of(LossKind.SQUARED, LossKind.ABSOLUTE, LossKind.HUBER);
      case GAUSSIAN, STUDENT_T -> List.of(LossKind.LIKELIHOOD);
    };
  }

  /** Raw outputs of the linear layer for each step ahead, where there are {@code levels} levels. */
  int rawPerStep(int levels) {
    return switch (this) {
      case QUANTILES -> levels;
      case POINT -> 1;
      case GAUSSIAN, STUDENT_T -> 2;
    };
  }
}
