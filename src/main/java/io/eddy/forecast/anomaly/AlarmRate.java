package io.eddy.forecast.anomaly;

import io.eddy.model.Logarithm;

/** A rate of false alarms, and the constants of {@link AlarmThreshold} that follow from it. */
final class AlarmRate {
  private static final int MAX_BLOCK_STEPS = 256;
  private static final int MIN_BLOCK_STEPS = 4;
  private static final double MAX_BLOCK_RATE = 0.1;

  private final double perStep;
  private final int blockSteps;
  private final double quantile;

  /**
   * Creates a rate.
   *
   * @param perStep expected number of false alarms per step
   */
  AlarmRate(double perStep) {
    this.perStep = perStep;
    blockSteps =
        (int) Math.max(MIN_BLOCK_STEPS, Math.min(MAX_BLOCK_STEPS, MAX_BLOCK_RATE / perStep));
    quantile = -Logarithm.log(-Logarithm.log(1 - perStep * blockSteps));
  }

  double perStep() {
    return perStep;
  }

  /** Returns the number of steps of a block, B. */
  int blockSteps() {
    return blockSteps;
  }

  /** Returns −ln(−ln(1 − α·B)), the quantile of Gumbel's standard distribution. */
  double quantile() {
    return quantile;
  }
}
