package io.eddy.forecast.anomaly;

import java.nio.ByteBuffer;

/**
 * The sums over the steps of an episode from which its kind follows.
 *
 * <p>With e the difference of the value from the reference: |Σe| / Σ|e| is near 1 for a shifted
 * level and near 0 for a changed variance. The regression of the values on the reference has a
 * slope near 1 if the season continues, and near 0 if it is broken.
 */
final class EpisodeShape {
  static final int BYTES = 4 * Long.BYTES + 1 + 9 * Double.BYTES;

  private static final int MAX_SPIKE_STEPS = 4;

  /** Steps that count; later on the reference has adapted. */
  private static final int MAX_SUMMED_STEPS = 48;

  private static final double MIN_FLAT_SHARE = 0.2;
  private static final double MIN_CONSISTENCY = 0.7;
  private static final double FAR = 4;
  private static final double MIN_SEASON = 2;
  private static final double MAX_BROKEN_SLOPE = 0.5;

  private double scale;
  private long steps;
  private long summed;
  private long farSteps;
  private long longestFlat;
  private boolean hasFlat;
  private double flatValue;
  private double sum;
  private double absoluteSum;
  private double squareSum;
  private double values;
  private double references;
  private double products;
  private double referenceSquares;

  /**
   * Creates the sums of an episode that begins.
   *
   * @param scale mean absolute error before it
   */
  EpisodeShape(double scale) {
    this.scale = scale;
  }

  /**
   * Adds a step.
   *
   * @param reference the value expected from what was known before the episode
   * @param sameSteps number of steps before it with the same value
   * @param isFlat whether that number is a record
   */
  void add(double value, double reference, long sameSteps, boolean isFlat) {
    steps++;
    hasFlat |= isFlat;
    if (sameSteps > longestFlat) {
      longestFlat = sameSteps;
      flatValue = value;
    }
    if (steps <= MAX_SUMMED_STEPS) {
      addToSums(value, reference);
    }
  }

  private void addToSums(double value, double reference) {
    double error = value - reference;
    summed++;
    farSteps += Math.abs(error) > FAR * scale ? 1 : 0;
    sum += error;
    absoluteSum += Math.abs(error);
    squareSum += error * error;
    values += value;
    references += reference;
    products += value * reference;
    referenceSquares += reference * reference;
  }

  /** Returns the kind, given that of the begin. */
  AnomalyKind kind(AnomalyKind first) {
    if (first == AnomalyKind.FLAT_LINE || (hasFlat && longestFlat >= MIN_FLAT_SHARE * steps)) {
      return AnomalyKind.FLAT_LINE;
    }
    if (farSteps <= MAX_SPIKE_STEPS && first != AnomalyKind.VARIANCE_CHANGE && farSteps > 0) {
      return AnomalyKind.SPIKE;
    }
    if (isSeasonBroken()) {
      return AnomalyKind.BROKEN_SEASON;
    }
    return Math.abs(sum) >= MIN_CONSISTENCY * absoluteSum
        ? AnomalyKind.LEVEL_SHIFT
        : AnomalyKind.VARIANCE_CHANGE;
  }

  private boolean isSeasonBroken() {
    double variance = referenceSquares / summed - (references / summed) * (references / summed);
    double covariance = products / summed - (values / summed) * (references / summed);
    return variance > MIN_SEASON * scale * MIN_SEASON * scale
        && covariance < MAX_BROKEN_SLOPE * variance;
  }

  void put(ByteBuffer bytes) {
    bytes.putLong(steps).putLong(summed).putLong(farSteps).putLong(longestFlat);
    bytes.put((byte) (hasFlat ? 1 : 0)).putDouble(scale).putDouble(flatValue);
    bytes.putDouble(sum).putDouble(absoluteSum).putDouble(squareSum);
    bytes.putDouble(values).putDouble(references).putDouble(products).putDouble(referenceSquares);
  }

  void get(ByteBuffer bytes) {
    steps = bytes.getLong();
    summed = bytes.getLong();
    farSteps = bytes.getLong();
    longestFlat = bytes.getLong();
    hasFlat = bytes.get() != 0;
    scale = bytes.getDouble();
    flatValue = bytes.getDouble();
    sum = bytes.getDouble();
    absoluteSum = bytes.getDouble();
    squareSum = bytes.getDouble();
    values = bytes.getDouble();
    references = bytes.getDouble();
    products = bytes.getDouble();
    referenceSquares = bytes.getDouble();
  }

  long steps() {
    return steps;
  }

  /** Returns the number of steps with the same value. */
  long flatSteps() {
    return longestFlat + 1;
  }

  double flatValue() {
    return flatValue;
  }

  double meanError() {
    return sum / Math.max(1, summed);
  }

  /** Returns the root mean square error in units of the one before the episode. */
  double spread() {
    return scale > 0 ? Math.sqrt(squareSum / Math.max(1, summed)) / (1.25 * scale) : 1;
  }
}
