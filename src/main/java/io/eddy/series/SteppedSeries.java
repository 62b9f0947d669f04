package io.eddy.series;

import java.util.Arrays;

/** One series gathered into steps: a value for each step from the first on, NaN where none was. */
public final class SteppedSeries {
  private static final int MAX_STEPS = 50_000_000;

  private final String name;
  private final long firstStep;
  private final double[] values;

  /** A series; {@code values} is not copied. */
  public SteppedSeries(String name, long firstStep, double[] values) {
    this.name = name;
    this.firstStep = firstStep;
    this.values = values;
  }

  /**
   * Gathers observations by {@code sampling}.
   *
   * @param timestampsMs in ascending order
   * @param values as many
   */
  public static SteppedSeries of(
      String name, long[] timestampsMs, double[] values, Sampling sampling) {
    if (values.length == 0) {
      return new SteppedSeries(name, 0, new double[0]);
    }
    long first = sampling.stepOf(timestampsMs[0]);
    long last = sampling.stepOf(timestampsMs[values.length - 1]);
    if (last - first >= MAX_STEPS) {
      throw new IllegalArgumentException(
          "series %s spans %d steps of %s, at most %d are taken: is a timestamp wrong?"
              .formatted(name, last - first + 1, sampling.interval(), MAX_STEPS));
    }
    double[] steps = new double[(int) (last - first + 1)];
    Arrays.fill(steps, Double.NaN);
    OpenStep open = new OpenStep();
    for (int i = 0; i < values.length; i++) {
      long step = sampling.stepOf(timestampsMs[i]);
      if (open.isEmpty() || step != open.step()) {
        open.open(step, timestampsMs[i], values[i]);
      } else if (sampling.aggregation() != Aggregation.FIRST) {
        open.add(timestampsMs[i], values[i]);
      }
      steps[(int) (step - first)] = open.value(sampling.aggregation());
    }
    return new SteppedSeries(name, first, steps);
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
    return new SteppedSeries(name, firstStep, Arrays.copyOf(values, size));
  }

  public int size() {
    return values.length;
  }
}
