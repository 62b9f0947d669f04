package io.eddy.training;

import io.eddy.model.ModelSpecification;

/** Loss of the head's raw outputs for one step ahead against its target, with its gradient. */
sealed interface Loss
    permits PointLoss, QuantileLoss, GaussianLoss, StudentTLoss, CrossEntropyLoss {
  /** Scales from 0 beyond which targets are cut off. */
  float CLIP = 50;

  /** The one that an output asks for. Owns scratch space: one for each thread. */
  static Loss of(ModelSpecification.Output output) {
    return switch (output.head()) {
      case POINT -> new PointLoss(output.loss());
      case QUANTILES -> new QuantileLoss(output.quantileLevels());
      case GAUSSIAN -> new GaussianLoss();
      case STUDENT_T -> new StudentTLoss();
      case SOFTMAX -> new CrossEntropyLoss(output.classes());
    };
  }

  /** The target within ±{@link #CLIP}, so that one absurd measurement cannot rule the gradient. */
  static float clipped(float target) {
    return Math.max(-CLIP, Math.min(CLIP, target));
  }

  /**
   * Loss of one step ahead.
   *
   * @param raw outputs from {@code at} on; become their gradient
   * @param target scaled, or a class
   */
  double apply(float[] raw, int at, float target);
}
