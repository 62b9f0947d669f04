package io.eddy.series;

/** The observations of the one step that is still open, gathered without keeping them. */
public final class OpenStep {
  private long step;
  private long count;
  private double sum;
  private double min;
  private double max;
  private double last;
  private long lastTimestampMs;
  private Covariates covariates = Covariates.NONE;
  private LookAhead ahead = LookAhead.NONE;

  /** Whether no observation is in it. */
  public boolean isEmpty() {
    return count == 0;
  }

  /** The step's index; meaningful only while it is not empty. */
  public long step() {
    return step;
  }

  public long count() {
    return count;
  }

  public double sum() {
    return sum;
  }

  public double min() {
    return min;
  }

  public double max() {
    return max;
  }

  public double last() {
    return last;
  }

  public long lastTimestampMs() {
    return lastTimestampMs;
  }

  /** What came with the observations: each number as the one measured last has it. */
  public Covariates covariates() {
    return covariates;
  }

  /** What was known of the steps after it: each name as the observation measured last has it. */
  public LookAhead ahead() {
    return ahead;
  }

  /** Forgets every observation. */
  public void clear() {
    count = 0;
    covariates = Covariates.NONE;
    ahead = LookAhead.NONE;
  }

  /** Begins {@code step} with its first observation. */
  public void open(long step, Observation observation) {
    double value = observation.value();
    this.step = step;
    count = 1;
    sum = value;
    min = value;
    max = value;
    last = value;
    lastTimestampMs = observation.timestampMs();
    covariates = observation.covariates();
    ahead = observation.ahead();
  }

  /** Adds a further observation; the one measured last counts as the last, in whatever order. */
  public void add(Observation observation) {
    double value = observation.value();
    count++;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (observation.timestampMs() >= lastTimestampMs) {
      last = value;
      lastTimestampMs = observation.timestampMs();
      covariates = observation.covariates().over(covariates);
      ahead = observation.ahead().over(ahead);
    } else {
      covariates = covariates.over(observation.covariates());
      ahead = ahead.over(observation.ahead());
    }
  }

  /** Sets every field to what was read before from one that is now restored. */
  public void restore(long step, long count, double[] sumMinMaxLast, long lastTimestampMs) {
    this.step = step;
    this.count = count;
    sum = sumMinMaxLast[0];
    min = sumMinMaxLast[1];
    max = sumMinMaxLast[2];
    last = sumMinMaxLast[3];
    this.lastTimestampMs = lastTimestampMs;
  }

  /** The same for what came with them. */
  public void restore(Covariates covariates) {
    this.covariates = covariates;
  }

  /** The same for what was known of the steps after it. */
  public void restore(LookAhead ahead) {
    this.ahead = ahead;
  }

  /** The step's value by {@code aggregation}. */
  public double value(Aggregation aggregation) {
    return switch (aggregation) {
      case FIRST, LAST -> last;
      case MEAN -> sum / count;
      case SUM -> sum;
      case MIN -> min;
      case MAX -> max;
      case COUNT -> count;
    };
  }
}
