package io.eddy.series;

/**
 * A run of steps whose values are far from the level: the candidate for a shift of the level, if
 * they lie on one side, or of the scale.
 *
 * <p>Cumulative sum (E. Page, Continuous inspection schemes, 1954): with z the deviation in scales,
 * S ← max(0, S + min(|z|, {@value #MAX_SCORE}) − {@value #SLACK}), and there is a shift when S
 * reaches {@value #THRESHOLD}. That takes three values of 5.5 scales or more, four of 5 scales, or
 * eleven of 4 scales. Deviations of up to {@value #SLACK} scales never do, such as those of a
 * season or of weather, which returns.
 */
final class DeviantRun {
  private static final double SLACK = 3.5;
  private static final double MAX_SCORE = 5.5;
  private static final double THRESHOLD = 5.5;
  private static final double ONE_SIDED = 0.9;
  private static final double MIN_JUMP = 0.5;

  /** Numbers of a {@link #write}. */
  static final int SIZE = 12;

  private static final double[] CLEARED = new double[SIZE];

  private double score;
  private double age;
  private double values;
  private double changeSum;
  private double spreadSum;
  private double deviationSum;
  private double absoluteSum;
  private double jump;
  private double peak;
  private double startLevel;
  private double startDeviationWeight;
  private double startDeviationSum;

  boolean isActive() {
    return score != 0;
  }

  /** Returns whether a deviation of that many scales begins a run. */
  static boolean isFar(double scales) {
    return scales > SLACK;
  }

  /**
   * Begins a run at a level and sums of the deviation.
   *
   * @param jump difference of its first value from the one before
   */
  void begin(double level, double deviationWeight, double deviationSum, double jump) {
    clear();
    this.jump = jump;
    startLevel = level;
    startDeviationWeight = deviationWeight;
    startDeviationSum = deviationSum;
  }

  /**
   * Adds the next value.
   *
   * @param scales absolute deviation from the level, in scales
   * @param deviation from the level at the begin of the run
   * @param change from the value expected without a shift
   * @return whether the run goes on; if not, it is no longer active
   */
  boolean add(double scales, double deviation, double change) {
    score = Math.max(0, score + Math.min(scales, MAX_SCORE) - SLACK);
    if (score == 0) {
      return false;
    }
    age++;
    deviationSum += deviation;
    absoluteSum += Math.abs(deviation);
    if (values > 0) {
      spreadSum += Math.abs(change - change());
    }
    values++;
    changeSum += change;
    peak = Math.max(peak, Math.abs(deviation));
    return true;
  }

  /** Adds a step without a value. */
  void skip() {
    age += isActive() ? 1 : 0;
  }

  /** Returns whether the level has shifted. */
  boolean isShift() {
    return score >= THRESHOLD;
  }

  /** Returns whether most of the change happened with the first value, as in no trend. */
  boolean isJump() {
    return jump * change() >= MIN_JUMP * change() * change();
  }

  /** Returns whether the values lie on one side of the level. */
  boolean isOneSided() {
    return Math.abs(deviationSum) >= ONE_SIDED * absoluteSum;
  }

  /** Returns the mean absolute deviation from the level at the begin of the run. */
  double deviation() {
    return absoluteSum / values;
  }

  /** Returns the mean change over the run. */
  double change() {
    return changeSum / values;
  }

  /** Returns the mean absolute deviation of the changes from their mean. */
  double spread() {
    return values > 1 ? spreadSum / (values - 1) : 0;
  }

  /** Returns the largest deviation. */
  double peak() {
    return peak;
  }

  /** Returns the number of values. */
  double values() {
    return values;
  }

  /** Returns the number of steps since the run began, those without a value included. */
  double age() {
    return age;
  }

  double startLevel() {
    return startLevel;
  }

  double startDeviationWeight() {
    return startDeviationWeight;
  }

  double startDeviationSum() {
    return startDeviationSum;
  }

  void clear() {
    read(CLEARED, 0);
  }

  void write(double[] numbers, int at) {
    numbers[at] = score;
    numbers[at + 1] = age;
    numbers[at + 2] = values;
    numbers[at + 3] = changeSum;
    numbers[at + 4] = spreadSum;
    numbers[at + 5] = peak;
    numbers[at + 6] = startLevel;
    numbers[at + 7] = startDeviationWeight;
    numbers[at + 8] = startDeviationSum;
    numbers[at + 9] = deviationSum;
    numbers[at + 10] = absoluteSum;
    numbers[at + 11] = jump;
  }

  void read(double[] numbers, int at) {
    score = numbers[at];
    age = numbers[at + 1];
    values = numbers[at + 2];
    changeSum = numbers[at + 3];
    spreadSum = numbers[at + 4];
    peak = numbers[at + 5];
    startLevel = numbers[at + 6];
    startDeviationWeight = numbers[at + 7];
    startDeviationSum = numbers[at + 8];
    deviationSum = numbers[at + 9];
    absoluteSum = numbers[at + 10];
    jump = numbers[at + 11];
  }
}
