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
 * alarms per step that was asked for. After n blocks, σ is taken 1 + 2/n times as large, because it
 * is estimated from few of them. What this leaves is corrected by feedback, as in adaptive
 * conformal inference (Gibbs and Candès, 2021): ln θ is raised by η·β for each episode and lowered
 * by η·β·α for each step. The rate over T steps then differs from α by at most the range of the
 * correction over η·T, whatever the distribution.
 */
final class AlarmThreshold {
  static final int BYTES = 2 * Double.BYTES + 3 * Float.BYTES + Integer.BYTES + Short.BYTES;

  private static final int MIN_BLOCKS = 4;
  private static final int MEMORY_BLOCKS = 64;

  /** u: after n blocks the scale is 1 + u/n times as large, because its estimate is uncertain. */
  private static final double UNCERTAINTY = 2;

  private static final double SMOOTHING = 1.0 / MEMORY_BLOCKS;
  private static final double EULER = 0.5772156649015329;
  private static final double SCALE_OF_DEVIATION = 0.7796968012336761;
  private static final double FIRST_THRESHOLD = Logarithm.log(1.8);
  private static final double MIN_DEVIATION = 0.01;
  private static final double MAX_DEVIATIONS = 3;
  private static final double FEEDBACK = 1;
  private static final float MIN_STRENGTH = (float) Logarithm.log(1e-3);

  private final AlarmRate rate;
  private int blocks;
  private float mean;
  private float square;
  private double correction;
  private float blockMax = MIN_STRENGTH;
  private int stepsInBlock;

  AlarmThreshold(AlarmRate rate) {
    this.rate = rate;
  }

  /** Returns the logarithm of the threshold of the next step. */
  double value() {
    if (blocks < MIN_BLOCKS) {
      return FIRST_THRESHOLD;
    }
    double uncertain = 1 + UNCERTAINTY / Math.min(blocks, MEMORY_BLOCKS);
    double scale = SCALE_OF_DEVIATION * deviation() * uncertain;
    return mean + scale * (rate.quantile() - EULER + correction);
  }

  private double deviation() {
    double variance = square - (double) mean * mean;
    return Math.max(MIN_DEVIATION, Math.sqrt(Math.max(0, variance)));
  }

  /**
   * Learns from a step.
   *
   * @param strength logarithm
   * @param hasBegun whether an episode began at it
   */
  void add(double strength, boolean hasBegun) {
    if (blocks >= MIN_BLOCKS) {
      correction += FEEDBACK * ((hasBegun ? 1 : 0) - rate.perStep());
    }
    blockMax = (float) Math.max(blockMax, strength);
    if (++stepsInBlock == rate.blockSteps()) {
      closeBlock();
    }
  }

  private void closeBlock() {
    double limited =
        blocks < MIN_BLOCKS
            ? Math.min(FIRST_THRESHOLD, blockMax)
            : Math.min(blockMax, mean + MAX_DEVIATIONS * deviation());
    blocks = blocks == Integer.MAX_VALUE ? blocks : blocks + 1;
    double share = 1.0 / blocks;
    mean = (float) SlowMean.next(mean, limited, SMOOTHING, share);
    square = (float) SlowMean.next(square, limited * limited, SMOOTHING, share);
    blockMax = MIN_STRENGTH;
    stepsInBlock = 0;
  }

  void put(ByteBuffer bytes) {
    bytes.putDouble(rate.perStep()).putDouble(correction);
    bytes.putFloat(mean).putFloat(square).putFloat(blockMax);
    bytes.putInt(blocks).putShort((short) stepsInBlock);
  }

  /** Restores the state, unless another rate was asked for: the threshold is then learned again. */
  void get(ByteBuffer bytes) {
    int end = bytes.position() + BYTES;
    if (bytes.getDouble() == rate.perStep()) {
      correction = bytes.getDouble();
      mean = bytes.getFloat();
      square = bytes.getFloat();
      blockMax = bytes.getFloat();
      blocks = bytes.getInt();
      stepsInBlock = bytes.getShort();
    }
    bytes.position(end);
  }
}
