package io.eddy.series;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** One series gathered into steps: a value for each step from the first on, NaN where none was. */
public final class SteppedSeries {
  private static final int MAX_STEPS = 50_000_000;

  /** Observations come in order of time: a duplicate stands beside the one it repeats. */
  private static final int RETAINED_OBSERVATIONS = 1;

  private static final FutureCovariates[] NOTHING_AHEAD = {};

  private final String name;
  private final long firstStep;
  private final double[] values;
  private final CovariateColumns covariates;
  private FutureCovariates[] futureCovariates;

  /** A series without covariates; {@code values} is not copied. */
  public SteppedSeries(String name, long firstStep, double[] values) {
    this(name, firstStep, values, CovariateColumns.NONE);
  }

  /** A series; {@code values} and {@code covariates}, a row for each step, are not copied. */
  public SteppedSeries(String name, long firstStep, double[] values, CovariateColumns covariates) {
    this(name, firstStep, values, covariates, NOTHING_AHEAD);
  }

  /** The same with what was known ahead at each step; nothing is copied. */
  public SteppedSeries(
      String name,
      long firstStep,
      double[] values,
      CovariateColumns covariates,
      FutureCovariates[] ahead) {
    this.futureCovariates = ahead;
    this.name = name;
    this.firstStep = firstStep;
    this.values = values;
    this.covariates = covariates;
  }

  /**
   * Gathers observations by {@code sampling}.
   *
   * @param observations of the series, in order of time
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
        open.add(step, observation, RETAINED_OBSERVATIONS);
      }
    }
    series.close(open.removeFirst(), sampling.aggregation());
    return series;
  }

  /**
   * How many steps lie from {@code first} to {@code last}.
   *
   * @throws IllegalArgumentException where they are too many for times that are right
   */
  public static int span(String name, long first, long last, Duration interval) {
    if (last - first >= MAX_STEPS) {
      throw new IllegalArgumentException(
          "series %s spans %d steps of %s, at most %d are taken: is a timestamp wrong?"
              .formatted(name, last - first + 1, interval, MAX_STEPS));
    }
    return (int) (last - first + 1);
  }

  /** Takes a step that is over. */
  private void close(OpenStep open, Aggregation aggregation) {
    OpenStep.Closed closed = open.closed(aggregation);
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

  /** Index of the first step on the grid. */
  public long firstStep() {
    return firstStep;
  }

  /** Values from the first step on, NaN where nothing was measured; not a copy. */
  public double[] values() {
    return values;
  }

  /** The covariates by step; not a copy. */
  public CovariateColumns covariates() {
    return covariates;
  }

  /** What was known at step {@code t} of those after it; they may lie behind the last one. */
  public FutureCovariates futureCovariates(int t) {
    return futureCovariates.length == 0 ? FutureCovariates.NONE : futureCovariates[t];
  }

  /** The values with the last one measured where nothing was, as the stream fills a gap; a copy. */
  public double[] filled() {
    double[] filled = values.clone();
    for (int t = 1; t < filled.length; t++) {
      filled[t] = Double.isNaN(filled[t]) ? filled[t - 1] : filled[t];
    }
    return filled;
  }

  /** What was known before step {@code end} of the grid began. */
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
