package io.eddy.forecast.anomaly;

import io.eddy.model.Logarithm;
import java.nio.ByteBuffer;

/**
 * The strength above which an episode begins, calibrated online for each series.
 *
 * <p>The largest ln-strength of each block of B steps is taken to follow Gumbel's distribution
 * (Gumbel, "Statistics of extremes", 1958), with the exponentially weighted mean μ and standard
 * deviation σ of the block maxima: the scale is β = σ·√6/π, the location μ − 0.5772·β. A block
 * exceeds ln θ = location − β·ln(−ln(1 − α·B)) with probability α·B, where α is the number of false
 * alarms per step that was asked for. What this leaves is corrected by feedback, as in adaptive
 * conformal inference (Gibbs and Candès, 2021): ln θ is raised by η·β for each episode and lowered
 * by η·β·α for each step. The rate over T steps then differs from α by at most the range of the
 * correction over η·T, whatever the distribution.
 */
final class AlarmThreshold {
  static final int BYTES = 3 * Double.BYTES + 2 * SlowMean.BYTES + Integer.BYTES;

  private static final int MAX_BLOCK_STEPS = 256;
  private static final int MIN_BLOCK_STEPS = 4;
  private static final double MAX_BLOCK_RATE = 0.1;
  private static final int MIN_BLOCKS = 8;
  private static final double SMOOTHING = 1.0 / 64;
  private static final double EULER = 0.5772156649015329;
  private static final double SCALE_OF_DEVIATION = 0.7796968012336761;
  private static final double FIRST_THRESHOLD = 1.8;
  private static final double MIN_DEVIATION = 0.01;
  private static final double MAX_DEVIATIONS = 3;
  private static final double FEEDBACK = 1;
  private static final double MIN_STRENGTH = 1e-3;

  private final double rate;
  private final int blockSteps;
  private final double quantile;
  private final SlowMean mean = new SlowMean(SMOOTHING);
  private final SlowMean square = new SlowMean(SMOOTHING);
  private double correction;
  private double blockMax = Logarithm.log(MIN_STRENGTH);
  private int stepsInBlock;

  /**
   * Creates a threshold.
   *
   * @param rate of false alarms per step
   */
  AlarmThreshold(double rate) {
    this.rate = rate;
    blockSteps = (int) Math.max(MIN_BLOCK_STEPS, Math.min(MAX_BLOCK_STEPS, MAX_BLOCK_RATE / rate));
    quantile = -Logarithm.log(-Logarithm.log(1 - rate * blockSteps));
  }

  /** Returns the threshold of the next step. */
  double value() {
    return mean.count() < MIN_BLOCKS ? FIRST_THRESHOLD : Logarithm.exp(logarithm());
  }

  private double logarithm() {
    double scale = SCALE_OF_DEVIATION * deviation();
    return mean.mean() + scale * (quantile - EULER + correction);
  }

  private double deviation() {
    double variance = square.mean() - mean.mean() * mean.mean();
    return Math.max(MIN_DEVIATION, Math.sqrt(Math.max(0, variance)));
  }

  /**
   * Learns from a step.
   *
   * @param hasBegun whether an episode began at it
   */
  void add(double strength, boolean hasBegun) {
    if (mean.count() >= MIN_BLOCKS) {
      correction += FEEDBACK * ((hasBegun ? 1 : 0) - rate);
    }
    blockMax = Math.max(blockMax, Logarithm.log(Math.max(MIN_STRENGTH, strength)));
    if (++stepsInBlock == blockSteps) {
      closeBlock();
    }
  }

  void put(ByteBuffer bytes) {
    bytes.putDouble(rate);
    mean.put(bytes);
    square.put(bytes);
    bytes.putDouble(correction).putDouble(blockMax).putInt(stepsInBlock);
  }

  /** Restores the state, unless another rate was asked for: the threshold is then learned again. */
  void get(ByteBuffer bytes) {
    int end = bytes.position() + BYTES;
    if (bytes.getDouble() == rate) {
      mean.get(bytes);
      square.get(bytes);
      correction = bytes.getDouble();
      blockMax = bytes.getDouble();
      stepsInBlock = bytes.getInt();
    }
    bytes.position(end);
  }

  private void closeBlock() {
    double limited =
        mean.count() < MIN_BLOCKS
            ? Math.min(0, blockMax)
            : Math.min(blockMax, mean.mean() + MAX_DEVIATIONS * deviation());
    mean.add(limited);
    square.add(limited * limited);
    blockMax = Logarithm.log(MIN_STRENGTH);
    stepsInBlock = 0;
  }
}
