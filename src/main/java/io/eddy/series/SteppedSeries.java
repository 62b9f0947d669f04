package io.eddy.series;

import java.util.Arrays;
import java.util.List;

/** One series on the sampling grid: a value per step from the first step on, NaN where missing. */
public final class SteppedSeries {
  private static final int MAX_STEPS = 50_000_000;

  /**
   * Observations arrive in order of time, so a duplicate directly follows the observation it
   * repeats.
   */
  private static final int RETAINED_OBSERVATIONS = 1;

  private static final FutureCovariates[] NO_FUTURE_COVARIATES = {};

  private final String name;
  private final long firstStep;
  private final double[] values;
  private final CovariateColumns covariates;
  private FutureCovariates[] futureCovariates;

  /** Creates a series without covariates. The array is not copied. */
  public SteppedSeries(String name, long firstStep, double[] values) {
    this(name, firstStep, values, CovariateColumns.NONE);
  }

  /** Creates a series with one row of covariates per step. The arguments are not copied. */
  public SteppedSeries(String name, long firstStep, double[] values, CovariateColumns covariates) {
    this(name, firstStep, values, covariates, NO_FUTURE_COVARIATES);
  }

  /**
   * Creates a series with past and future covariates for each step. The arguments are not copied.
   */
  public SteppedSeries(
      String name,
      long firstStep,
      double[] values,
      CovariateColumns covariates,
      FutureCovariates[] futureCovariates) {
    this.futureCovariates = futureCovariates;
    this.name = name;
    this.firstStep = firstStep;
    this.values = values;
    this.covariates = covariates;
  }

  /**
   * Aggregates observations to steps.
   *
   * @param observations observations of the series, in ascending order of time; of several with the
   *     same timestamp the first counts
   * @throws IllegalArgumentException if they span too many steps
   */
  public static SteppedSeries of(String name, List<Observation> observations, Sampling sampling) {
    if (observations.isEmpty()) {
      return new SteppedSeries(name, 0, new double[0]);
    }
    long first = sampling.stepOf(observations.get(0).timestampMs());
    long last = sampling.stepOf(observations.get(observations.size() - 1).timestampMs());
    double[] steps = new double[span(name, first, last, sampling.interval())];
    Arrays.fill(steps, Double.NaN);
    SteppedSeries series =
        new SteppedSeries(name, first, steps, new CovariateColumns(steps.length));
    OpenSteps open = new OpenSteps();
    for (Observation observation : observations) {
      long step = sampling.stepOf(observation.timestampMs());
      if (!open.isEmpty() && step != open.first().step()) {
        series.close(open.removeFirst(), sampling.aggregation());
      }
      if (open.isEmpty() || sampling.aggregation() != Aggregation.FIRST) {
        open.add(step, observation, RETAINED_OBSERVATIONS, Duplicates.FIRST);
      }
    }
    series.close(open.removeFirst(), sampling.aggregation());
    return series;
  }

  /**
   * Returns the number of steps from {@code first} to {@code last}, both inclusive.
   *
   * @throws IllegalArgumentException if the number exceeds the limit, which indicates a wrong
   *     timestamp
   */
  public static int span(String name, long first, long last, Interval interval) {
    if (last - first >= MAX_STEPS) {
      throw new IllegalArgumentException(
          "series %s: expected at most %4$d steps of %3$s, got %2$d; check for a wrong timestamp"
              .formatted(name, last - first + 1, interval, MAX_STEPS));
    }
    return (int) (last - first + 1);
  }

  /** Stores the result of a completed step. */
  private void close(OpenStep open, Aggregation aggregation) {
    OpenStep.Closed closed = open.closed(aggregation, Duplicates.FIRST);
    int index = (int) (open.step() - firstStep);
    values[index] = closed.value();
    covariates.set(index, closed.covariates());
    if (!closed.futureCovariates().isEmpty()) {
      if (futureCovariates.length == 0) {
        futureCovariates = new FutureCovariates[values.length];
        Arrays.fill(futureCovariates, FutureCovariates.NONE);
      }
      futureCovariates[index] = closed.futureCovariates();
    }
  }

  public String name() {
    return name;
  }

  /** Returns the grid index of the first step. */
  public long firstStep() {
    return firstStep;
  }

  /** Returns the values by step without copying them; NaN is missing. */
  public double[] values() {
    return values;
  }

  /** Returns the covariates by step without copying them. */
  public CovariateColumns covariates() {
    return covariates;
  }

  /**
   * Returns the future covariates known at step {@code t}. They may extend beyond the last step.
   */
  public FutureCovariates futureCovariates(int t) {
    return futureCovariates.length == 0 ? FutureCovariates.NONE : futureCovariates[t];
  }

  /** Returns a copy of the values in which missing steps repeat the last value. */
  public double[] filled() {
    double[] filled = values.clone();
    for (int t = 1; t < filled.length; t++) {
      filled[t] = Double.isNaN(filled[t]) ? filled[t - 1] : filled[t];
    }
    return filled;
  }

  /** Returns the part of the series before grid index {@code end}. */
  public SteppedSeries before(long end) {
    int size = (int) Math.max(0, Math.min(values.length, end - firstStep));
    return new SteppedSeries(
        name,
        firstStep,
        Arrays.copyOf(values, size),
        covariates.resized(size),
        futureCovariates.length == 0 ? futureCovariates : Arrays.copyOf(futureCovariates, size));
  }

  public int size() {
    return values.length;
  }
}
