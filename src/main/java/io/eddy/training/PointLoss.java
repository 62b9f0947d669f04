package io.eddy.training;

import io.eddy.model.LossKind;

/**
 * Loss of a point forecast by its error e: ½e², |e|, or P. Huber's, which is ½e² up to |e| = 1 and
 * |e| − ½ beyond (Robust estimation of a location parameter, 1964).
 */
final class PointLoss implements Loss {
  private final LossKind kind;

  PointLoss(LossKind kind) {
    this.kind = kind;
  }

  @Override
  public double apply(float[] raw, int at, float target) {
    float error = raw[at] - target;
    float size = Math.abs(error);
    if (kind == LossKind.ABSOLUTE || (kind == LossKind.HUBER && size > 1)) {
      raw[at] = Math.signum(error);
      return kind == LossKind.HUBER ? size - 0.5f : size;
    }
    raw[at] = error;
    return 0.5 * error * error;
  }
}
