package io.eddy.training;

import io.eddy.model.ModelSpecification;

/** Loss of the raw outputs for one step ahead, with its gradient. */
sealed interface Loss
    permits PointLoss, QuantileLoss, GaussianLoss, StudentTLoss, CountLoss, CrossEntropyLoss {
  /** Bound of the absolute value of scaled targets. */
  float CLIP = 50;

  /** Creates the loss of an output. A loss owns scratch space and is used by one thread. */
  static Loss of(ModelSpecification.Output output) {
    return switch (output.head()) {
      case POINT -> new PointLoss(output.loss());
      case QUANTILES -> new QuantileLoss(output.quantileLevels());
      case GAUSSIAN -> new GaussianLoss();
      case STUDENT_T -> new StudentTLoss();
      case NEGATIVE_BINOMIAL -> new CountLoss();
      case SOFTMAX -> new CrossEntropyLoss(output.classes());
    };
  }

  /** Clips a target to ±{@link #CLIP}, so that a single outlier cannot dominate the gradient. */
  static float clipped(float target) {
    return Math.max(-CLIP, Math.min(CLIP, target));
  }

  /** Sets the rate of the counts that follow as targets; no effect on other losses. */
  default void setRate(float rate) {}

  /**
   * Computes the loss of one step ahead.
   *
   * @param raw raw outputs, starting at {@code at}; replaced by their gradient
   * @param target scaled value, count or class
   */
  double apply(float[] raw, int at, float target);
}
