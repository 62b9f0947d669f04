package io.eddy.evaluation.combination;

/**
 * A level with a damped trend that ignores a single outlier and follows a shift at its second
 * value.
 *
 * <pre>
 *   l ← p + α_n·ε,   b ← φ·b + β_n·ε,   p = l + φ·b,   ε = x − p bounded by ±4·e
 *   e ← e + η·(|ε| − e)                              mean absolute error
 *   α_n = max(α, 1/n),                     β_n = 0                      without trend
 *   α_n = max(α, (4n − 2)/(n² + n)),       β_n = max(α·β, 6/(n² + n))   with trend
 * </pre>
 *
 * <p>n counts the values, so that at first the level is the mean of all values, and level and trend
 * are those of the straight line by least squares. If two consecutive errors exceed the bound on
 * the same side and differ by less than half the larger one, the series has shifted: the level
 * becomes the mean of the two values and n begins at 2 again; the trend stays.
 */
final class Tracker {
  private static final double MAX_ERRORS = 4;
  private static final double ERROR_SMOOTHING = 0.03;
  private static final int MIN_VALUES = 8;

  private final double smoothing;
  private final double trendSmoothing;
  private final double damping;

  private int values;
  private int valuesSinceShift;
  private double level;
  private double trend;
  private double meanError;
  private double outlier;

  /**
   * Creates a tracker without values.
   *
   * @param smoothing α
   * @param trendSmoothing α·β; 0 without trend
   * @param damping φ
   */
  Tracker(double smoothing, double trendSmoothing, double damping) {
    this.smoothing = smoothing;
    this.trendSmoothing = trendSmoothing;
    this.damping = damping;
  }

  double level() {
    return level;
  }

  double trend() {
    return trend;
  }

  void update(double value) {
    values++;
    valuesSinceShift++;
    if (values == 1) {
      level = value;
      return;
    }
    trend *= damping;
    double expected = level + trend;
    double error = value - expected;
    double bound = MAX_ERRORS * meanError;
    if (values > MIN_VALUES && Math.abs(error) > bound) {
      if (confirms(error)) {
        shiftTo(expected + (error + outlier) / 2);
        return;
      }
      outlier = error;
      error = Math.copySign(bound, error);
    } else {
      outlier = 0;
    }
    meanError += Math.max(ERROR_SMOOTHING, 1.0 / (values - 1)) * (Math.abs(error) - meanError);
    level = expected + levelGain() * error;
    trend += trendGain() * error;
  }

  private boolean confirms(double error) {
    double larger = Math.max(Math.abs(error), Math.abs(outlier));
    return error * outlier > 0 && Math.abs(error - outlier) < larger / 2;
  }

  private void shiftTo(double level) {
    this.level = level;
    valuesSinceShift = 2;
    outlier = 0;
  }

  private double levelGain() {
    double n = valuesSinceShift;
    return Math.max(smoothing, trendSmoothing > 0 ? (4 * n - 2) / (n * n + n) : 1 / n);
  }

  private double trendGain() {
    double n = values;
    return trendSmoothing > 0 ? Math.max(trendSmoothing, 6 / (n * n + n)) : 0;
  }
}
