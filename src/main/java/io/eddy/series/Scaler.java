package io.eddy.series;

/**
 * Causal level and scale of one series: exponentially weighted mean and mean absolute deviation,
 * robust to single outliers and quick to follow a level shift.
 *
 * <p>With α = 1 − 2^(−1/halfLife), level_t = Σ α(1−α)^k x*_{t−k} / Σ α(1−α)^k, and scale_t is the
 * same average of |x*_t − level_{t−1}|. Both start as plain averages and forget with the half-life
 * later. x* is x, clipped so that one value changes the averages by at most {@value #MAX_INFLUENCE}
 * scales (S. Gelper, R. Fried and C. Croux, Robust forecasting with exponential and Holt-Winters
 * smoothing, 2010). A value about as far from the level as an outlier within the last half-life is
 * not clipped: spikes that recur belong to the series.
 *
 * <p>A {@linkplain DeviantRun run} of far values on one side is a level shift. The level then moves
 * by the mean change over the run, and the scale is the one before the run, or the spread within
 * the run if that is much larger. A run on both sides is a shift of the scale. A level that returns
 * belongs to the series too, and its next change is no shift until a half-life has passed. {@link
 * #changeSince} gives the change of the level since an earlier step, by which the values before a
 * shift are comparable with those after it.
 *
 * <p>The mean absolute error of a baseline forecast can be tracked as well, with a half-life of its
 * own and clipped alike. The scale is at least 2^−44 of the level, so a constant series can be
 * divided by it: that is above the rounding error of the level, and below any variation that the
 * values can have. The class uses IEEE operations and {@link StrictMath} only and gives the same
 * bits on every platform.
 */
public final class Scaler {
  private static final double RELATIVE_FLOOR = 0x1p-44;
  private static final double ABSOLUTE_FLOOR = 1e-36;
  private static final double MIN_RELATIVE_ERROR = 0.02;
  private static final double FIRST_STEP_SHARE = 0.1;

  /** Change of an average by one value, in units of the scale or of the mean error. */
  private static final double MAX_INFLUENCE = 0.25;

  /** Deviations from which the scale is known well enough to tell outliers. */
  private static final double MIN_DEVIATIONS = 6;

  /** Maximum deviation of a value that may be a single outlier, in scales. */
  private static final double MAX_SUSPECT_DEVIATION = 5.5;

  /** A change by less than that many times the change of a level that returned is no shift. */
  private static final double NEW_LEVEL_RATIO = 2;

  /** The spread of a run, which is that of few values, replaces a scale that is much smaller. */
  private static final double MIN_SPREAD_RATIO = 2.5;

  private static final int AVERAGES = 9;
  private static final double[] CLEARED = new double[AVERAGES];

  private final DeviantRun run = new DeviantRun();
  private final LevelShifts shifts = new LevelShifts();
  private double levelWeight;
  private double levelSum;
  private double deviationWeight;
  private double deviationSum;
  private double errorWeight;
  private double errorSum;

  /** Largest deviation of an earlier run; halves in a half-life. */
  private double outlier;

  /** Largest change of a level that returned; halves in a half-life. */
  private double returned;

  private double last;

  /** Returns the smoothing factor α for a half-life in steps. */
  public static double smoothing(double halfLifeSteps) {
    return 1 - StrictMath.pow(2, -1 / halfLifeSteps);
  }

  /** Adds the value of the next step to the plain averages; {@code smoothing} is α. */
  public void update(double value, double smoothing) {
    skip();
    average(value, smoothing);
    last = value;
  }

  private void average(double value, double smoothing) {
    double keep = 1 - smoothing;
    if (levelWeight > 0) {
      double deviation = Math.abs(value - level());
      deviationWeight = keep * deviationWeight + smoothing;
      deviationSum = keep * deviationSum + smoothing * deviation;
    }
    levelWeight = keep * levelWeight + smoothing;
    levelSum = keep * levelSum + smoothing * value;
  }

  /**
   * Adds the value of the next step, clipping outliers and following level shifts.
   *
   * @param seasonal value one season before, comparable with this one; NaN if unknown
   * @param seasonSteps length of the season; 0 without
   * @param smoothing α
   */
  public void follow(double value, double seasonal, int seasonSteps, double smoothing) {
    shifts.advance();
    outlier *= 1 - smoothing;
    returned *= 1 - smoothing;
    boolean isFar = isFar(value, smoothing);
    if (run.isActive() && !extend(value, seasonal)) {
      outlier = Math.max(outlier, run.peak());
    }
    if (!run.isActive() && isFar) {
      run.begin(level(), deviationWeight, deviationSum, value - last);
      extend(value, seasonal);
    }
    if (run.isActive() && !run.isShift()) {
      double bound = Math.max(MAX_INFLUENCE / smoothing * scale(), outlier);
      double deviation = Math.max(-bound, Math.min(bound, value - level()));
      average(level() + deviation, smoothing);
    } else if (run.isActive() && run.isOneSided()) {
      shiftLevel(value, seasonSteps, smoothing);
    } else if (run.isActive()) {
      shiftScale(smoothing);
    } else {
      average(value, smoothing);
    }
    last = value;
  }

  /** Adds a value to the run; returns whether the run goes on. */
  private boolean extend(double value, double seasonal) {
    double deviation = value - run.startLevel();
    double change = Double.isNaN(seasonal) ? deviation : value - seasonal;
    return run.add(Math.abs(value - level()) / scale(), deviation, change);
  }

  private boolean isFar(double value, double smoothing) {
    return deviationWeight > Math.min(MIN_DEVIATIONS * smoothing, 0.5)
        && hasChanged()
        && DeviantRun.isFar(Math.abs(value - level()) / scale());
  }

  /** Moves the level by the change of the run, unless it is a trend or a level that returns. */
  private void shiftLevel(double value, int seasonSteps, double smoothing) {
    double change = run.change();
    if (!run.isJump() || Math.abs(change) < NEW_LEVEL_RATIO * returned) {
      average(value, smoothing);
      return;
    }
    levelWeight = weight(Math.max(run.values(), seasonSteps), smoothing);
    levelSum = levelWeight * (run.startLevel() + change);
    deviationWeight = run.startDeviationWeight();
    deviationSum = run.startDeviationSum();
    widen(run.spread(), smoothing);
    returned = shifts.isUndoneBy(change) ? Math.max(returned, Math.abs(change)) : returned;
    shifts.add(run.age(), change);
    run.clear();
  }

  private void shiftScale(double smoothing) {
    levelSum = levelWeight * run.startLevel();
    deviationWeight = run.startDeviationWeight();
    deviationSum = run.startDeviationSum();
    widen(run.deviation(), smoothing);
    run.clear();
  }

  /** Replaces the scale by the spread of the run if that is much larger. */
  private void widen(double spread, double smoothing) {
    if (spread * deviationWeight > MIN_SPREAD_RATIO * deviationSum) {
      deviationWeight = weight(run.values(), smoothing);
      deviationSum = deviationWeight * spread;
    }
  }

  /** Returns 1 − (1 − α)ⁿ, the weight of an average of n values. */
  private static double weight(double values, double smoothing) {
    return 1 - StrictMath.pow(1 - smoothing, values);
  }

  /** Adds a step without a value. */
  public void skip() {
    shifts.advance();
    run.skip();
  }

  /**
   * Returns a value made comparable with the last one: moved by the shifts of the level since then,
   * or clipped if it belongs to a run that may still be a single outlier.
   *
   * @param lag number of steps before the last one
   */
  public double comparable(double value, int lag) {
    if (run.isActive() && !run.isShift() && lag < run.age()) {
      double scale = run.startDeviationSum() / run.startDeviationWeight();
      double bound = Math.max(MAX_SUSPECT_DEVIATION * scale, outlier);
      double deviation = value - run.startLevel();
      return run.startLevel() + Math.max(-bound, Math.min(bound, deviation));
    }
    return value + changeSince(lag);
  }

  /** Returns the change of the level by shifts since the step {@code lag} steps before the last. */
  public double changeSince(int lag) {
    return shifts.count() == 0 ? 0 : shifts.changeSince(lag);
  }

  /** Adds the error of the baseline forecast of the next step; {@code smoothing} is its α. */
  public void updateError(double error, double smoothing) {
    double keep = 1 - smoothing;
    double size = Math.abs(error);
    if (errorWeight > Math.min(MIN_DEVIATIONS * smoothing, 0.5)) {
      size = Math.min(size, MAX_INFLUENCE / smoothing * error());
    }
    errorWeight = keep * errorWeight + smoothing;
    errorSum = keep * errorSum + smoothing * size;
  }

  /** Returns whether no value has been added. */
  public boolean isEmpty() {
    return levelWeight == 0;
  }

  /** Returns whether exactly one value has been added, which has no deviation. */
  public boolean hasOneValue() {
    return levelWeight > 0 && deviationWeight == 0;
  }

  /** Returns whether the mean absolute deviation, not its lower bound, determines the scale. */
  public boolean hasChanged() {
    return deviationWeight > 0 && deviationSum / deviationWeight >= floor();
  }

  /** Returns the weighted mean, in the series' unit, or 0 before the first value. */
  public double level() {
    return levelWeight > 0 ? levelSum / levelWeight : 0;
  }

  /** Returns the weighted mean absolute deviation, in the series' unit; always above 0. */
  public double scale() {
    double spread =
        deviationWeight > 0 ? deviationSum / deviationWeight : FIRST_STEP_SHARE * Math.abs(level());
    return Math.max(spread, floor());
  }

  private double floor() {
    return Math.max(RELATIVE_FLOOR * Math.abs(level()), ABSOLUTE_FLOOR);
  }

  /**
   * Returns the weighted mean absolute error of the baseline forecast, in the series' unit. It is
   * at least a fiftieth of the scale, and equal to the scale before the first error.
   */
  public double error() {
    double scale = scale();
    return errorWeight > 0 ? Math.max(errorSum / errorWeight, MIN_RELATIVE_ERROR * scale) : scale;
  }

  /** Returns an independent copy. */
  public Scaler copy() {
    Scaler copy = new Scaler();
    copy.restore(snapshot());
    return copy;
  }

  /** Resets to the state before the first value. */
  public void clear() {
    restore(CLEARED);
  }

  /** Returns the state as numbers; most are only there after an unusual value. */
  public double[] snapshot() {
    int runSize = run.isActive() ? DeviantRun.SIZE : 0;
    double[] numbers = new double[snapshotSize()];
    numbers[0] = levelWeight;
    numbers[1] = levelSum;
    numbers[2] = deviationWeight;
    numbers[3] = deviationSum;
    numbers[4] = errorWeight;
    numbers[5] = errorSum;
    numbers[6] = outlier;
    numbers[7] = returned;
    numbers[8] = last;
    if (run.isActive()) {
      run.write(numbers, AVERAGES);
    }
    shifts.write(numbers, AVERAGES + runSize);
    return numbers;
  }

  /** Returns how many numbers a {@link #snapshot} has. */
  public int snapshotSize() {
    return AVERAGES + (run.isActive() ? DeviantRun.SIZE : 0) + 2 * shifts.count();
  }

  /** Writes weight and weighted sum of the level, and of the deviation, from {@code at} on. */
  public void writeAverages(double[] numbers, int at) {
    numbers[at] = levelWeight;
    numbers[at + 1] = levelSum;
    numbers[at + 2] = deviationWeight;
    numbers[at + 3] = deviationSum;
  }

  /** Reads what {@link #writeAverages} wrote; everything else is as before the first value. */
  public void readAverages(double[] numbers, int at) {
    clear();
    levelWeight = numbers[at];
    levelSum = numbers[at + 1];
    deviationWeight = numbers[at + 2];
    deviationSum = numbers[at + 3];
  }

  /** Restores a {@link #snapshot}. */
  public void restore(double[] numbers) {
    levelWeight = numbers[0];
    levelSum = numbers[1];
    deviationWeight = numbers[2];
    deviationSum = numbers[3];
    errorWeight = numbers[4];
    errorSum = numbers[5];
    outlier = numbers[6];
    returned = numbers[7];
    last = numbers[8];
    boolean hasRun = numbers.length >= AVERAGES + DeviantRun.SIZE;
    run.clear();
    if (hasRun) {
      run.read(numbers, AVERAGES);
    }
    shifts.read(numbers, AVERAGES + (hasRun ? DeviantRun.SIZE : 0));
  }
}
