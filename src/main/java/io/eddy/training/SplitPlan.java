package io.eddy.training;

import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Chooses the parts for training, validation and test so that training sees every step ahead.
 *
 * <p>The parts are 70 %, 15 % and 15 % of the time. If the training part then has too few examples
 * of the last step ahead, there is no test part: 85 % and 15 %.
 *
 * @param split the parts
 * @param notes sentences about what the data are too short for
 */
public record SplitPlan(TimeSplit split, List<String> notes) {
  /** Minimum number of steps whose value and the value J steps later are in the training part. */
  private static final int MIN_EXAMPLES = 10;

  /** Share of the time for training without a test part. */
  private static final double MAX_TRAINING_SHARE = 0.85;

  public SplitPlan {
    notes = List.copyOf(notes);
  }

  /**
   * Chooses the parts.
   *
   * @param horizon J
   * @throws IllegalArgumentException if the data are too short to learn J steps ahead; the message
   *     states what would suffice
   */
  public static SplitPlan of(Collection<SteppedSeries> series, int horizon) {
    TimeSplit.Span span = TimeSplit.span(series);
    TimeSplit split = TimeSplit.of(series);
    List<String> notes = new ArrayList<>();
    if (!isEnough(series, split, horizon)) {
      split = TimeSplit.withoutTest(series);
      if (!isEnough(series, split, horizon)) {
        throw tooShort(series, split, horizon);
      }
      notes.add(
          "the data are too short for a test part: 85 % of the time are for training, 15 % for"
              + " validation, and errors are not measured");
    } else {
      describe(notes, "test", "errors", span.end() - split.validationEnd(), horizon);
    }
    describe(notes, "validation", "validation", split.validationEnd() - split.trainEnd(), horizon);
    long shorter = series.stream().filter(s -> s.size() <= horizon).count();
    if (shorter > 0) {
      notes.add(
          "%,d of %,d series have at most %,d steps: the last step ahead is learned from the others"
              .formatted(shorter, series.size(), horizon));
    }
    return new SplitPlan(split, notes);
  }

  private static void describe(
      List<String> notes, String part, String subject, long steps, int horizon) {
    if (steps < horizon) {
      notes.add(
          "the %s part has %,d steps: %s of more than %,d steps ahead %s missing"
              .formatted(
                  part, steps, subject, Math.max(0, steps), subject.endsWith("s") ? "are" : "is"));
    }
  }

  private static boolean isEnough(Collection<SteppedSeries> series, TimeSplit split, int horizon) {
    return examples(series, split.trainEnd(), horizon) >= MIN_EXAMPLES
        && series.stream().anyMatch(s -> hasTarget(s, split));
  }

  /** Returns the number of steps before {@code end} that are followed by J steps before it. */
  private static long examples(Collection<SteppedSeries> series, long end, int horizon) {
    long count = 0;
    for (SteppedSeries s : series) {
      double[] x = s.values();
      int to = (int) Math.min(x.length, end - s.firstStep());
      for (int t = 0; t + horizon < to && count < MIN_EXAMPLES; t++) {
        count += Double.isNaN(x[t]) || Double.isNaN(x[t + horizon]) ? 0 : 1;
      }
    }
    return count;
  }

  private static boolean hasTarget(SteppedSeries series, TimeSplit split) {
    double[] x = series.values();
    int from = (int) Math.max(1, split.trainEnd() - series.firstStep());
    int to = (int) Math.min(x.length, split.validationEnd() - series.firstStep());
    for (int t = from; t < to; t++) {
      if (!Double.isNaN(x[t])) {
        return true;
      }
    }
    return false;
  }

  private static IllegalArgumentException tooShort(
      Collection<SteppedSeries> series, TimeSplit split, int horizon) {
    int longest = series.stream().mapToInt(SteppedSeries::size).max().orElse(0);
    int needed = (int) Math.ceil((horizon + MIN_EXAMPLES) / MAX_TRAINING_SHARE) + 1;
    int possible = horizon - 1;
    while (possible > 0 && !isEnough(series, split, possible)) {
      possible--;
    }
    String shorter = possible > 0 ? ", or choose a horizon of at most " + possible : "";
    return new IllegalArgumentException(
        "too little data for a horizon of %d: the first 85 %% of the data's time, which the model is"
                .formatted(horizon)
            + " trained on, must have at least %d steps that are followed by %d further steps; the"
                .formatted(MIN_EXAMPLES, horizon)
            + " longest series has %d steps. Give a series of at least %d steps%s"
                .formatted(longest, needed, shorter));
  }
}
