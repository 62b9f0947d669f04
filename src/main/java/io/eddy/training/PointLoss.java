package io.eddy.training;

import io.eddy.model.LossKind;

/**
 * Loss of a point forecast with error e: ½e², |e|, or the Huber loss, which is ½e² for |e| ≤ 1 and
 * |e| − ½ otherwise (P. Huber, Robust estimation of a location parameter, 1964).
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
