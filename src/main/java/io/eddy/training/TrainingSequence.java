package io.eddy.training;

import io.eddy.model.Baseline;
import io.eddy.model.Decoder;
import io.eddy.model.Imputation;
import io.eddy.model.InputEncoder;
import io.eddy.model.ModelSpecification;
import io.eddy.model.SeriesPast;
import io.eddy.series.SteppedSeries;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of steps of a series without a gap that restarts it, prepared for training.
 *
 * <p>Holds for each step the network's input [D] and the targets of the next J steps, NaN where
 * missing. A target is the transformed value minus the baseline, scaled and clipped: (z_{t+j} −
 * base_{t+j}) / unit_t; or the class or count itself. If the model uses future covariates, their
 * values at each step are held as well.
 */
final class TrainingSequence {
  private final SteppedSeries series;
  private final Range range;
  private final ModelSpecification specification;
  private final Baseline base;
  private final InputEncoder encoder;
  private final float[] inputs;
  private final float[] targets;
  private final float[] ahead;
  private final float[] rates;
  private final Decoder.Sizes sizes;

  private TrainingSequence(
      SteppedSeries series, Range range, ModelSpecification specification, Baseline base) {
    this.series = series;
    this.range = range;
    this.specification = specification;
    this.base = base;
    encoder = new InputEncoder(specification);
    sizes = Decoder.Sizes.of(specification);
    int steps = range.to() - range.from();
    inputs = new float[steps * encoder.size()];
    targets = new float[steps * sizes.horizon()];
    ahead = new float[steps * sizes.futureSize()];
    rates = new float[specification.output().hasCounts() ? steps : 0];
    fill(Imputer.repeating(specification));
  }

  /** Splits a series at the gaps that restart it during serving. */
  static List<TrainingSequence> of(
      SteppedSeries series, ModelSpecification specification, Baseline base) {
    List<TrainingSequence> sequences = new ArrayList<>();
    double[] values = series.values();
    int maxGap = specification.sampling().maxGapSteps();
    int from = 0;
    while (from < values.length) {
      int to = from;
      int missing = 0;
      for (int t = from; t < values.length && missing <= maxGap; t++) {
        missing = Double.isNaN(values[t]) ? missing + 1 : 0;
        to = missing == 0 ? t + 1 : to;
      }
      if (to > from) {
        sequences.add(new TrainingSequence(series, new Range(from, to), specification, base));
      }
      from = to;
      while (from < values.length && Double.isNaN(values[from])) {
        from++;
      }
    }
    return sequences;
  }

  /** Range of steps of a series; {@code to} is exclusive. */
  private record Range(int from, int to) {}

  /** Returns whether the sequence has gaps that are imputed by the network's forecasts. */
  boolean isForecast() {
    if (!Imputation.usesForecast(specification)) {
      return false;
    }
    for (int t = range.from(); t < range.to(); t++) {
      if (Double.isNaN(series.values()[t])) {
        return true;
      }
    }
    return false;
  }

  /** Imputes the missing steps and recomputes all inputs and targets. */
  void fill(Imputer imputer) {
    ModelSpecification.Output output = specification.output();
    Baseline.Workspace baseline = base.newWorkspace();
    int horizon = sizes.horizon();
    double[] values = series.values();
    SeriesPast past =
        SeriesPast.of(
            new Window(specification.contextLength(), new InMemorySeriesStore()), specification);
    for (int t = 0; t < steps(); t++) {
      double value = values[range.from() + t];
      if (Double.isNaN(value)) {
        past.impute(imputer.next(past, firstStep() + t - 1));
      } else if (!output.accepts(value)) {
        throw new IllegalArgumentException(
            "series %s, step at %s: expected a class, a whole number from 0 to %d, got %s"
                .formatted(
                    series.name(),
                    Instant.ofEpochMilli(specification.sampling().startMs(firstStep() + t)),
                    output.classes() - 1,
                    value));
      } else {
        past.observe(value, series.covariates().row(range.from() + t), encoder.scaling());
      }
      imputer.advance(past, firstStep() + t);
      encoder.encode(past, firstStep() + t, inputs, t * encoder.size());
      past.covariates()
          .writeFuture(
              series.futureCovariates(range.from() + t), horizon, ahead, t * sizes.futureSize());
      base.apply(past, firstStep() + t, baseline);
      writeTargets(past, t, baseline.forecast());
    }
  }

  private void writeTargets(SeriesPast past, int t, double[] baseline) {
    double[] values = series.values();
    double unit = past.unit(encoder.scaling());
    boolean isUnscaled = specification.output().isClassification() || rates.length > 0;
    if (rates.length > 0) {
      rates[t] = (float) past.countRate(encoder.scaling());
    }
    for (int j = 1; j <= sizes.horizon(); j++) {
      int at = range.from() + t + j;
      int place = t * sizes.horizon() + j - 1;
      if (at >= values.length || Double.isNaN(values[at])) {
        targets[place] = Float.NaN;
      } else if (isUnscaled) {
        targets[place] = (float) values[at];
      } else {
        double transformed = encoder.scaling().transform().apply(values[at], past.scaler());
        targets[place] = Loss.clipped((float) ((transformed - baseline[j - 1]) / unit));
      }
    }
  }

  int steps() {
    return targets.length / sizes.horizon();
  }

  /** Returns the grid index of step 0. */
  long firstStep() {
    return series.firstStep() + range.from();
  }

  /** Returns the rate of counts after step {@code t}; 0 if they are not forecast. */
  float rate(int t) {
    return rates.length > 0 ? rates[t] : 0;
  }

  /** Copies the input of step {@code t} into {@code out}, starting at {@code offset}. */
  void input(int t, float[] out, int offset) {
    int inputSize = inputs.length / steps();
    System.arraycopy(inputs, t * inputSize, out, offset, inputSize);
  }

  /**
   * Copies the future covariates of step {@code t} into {@code out}, starting at {@code offset}.
   */
  void ahead(int t, float[] out, int offset) {
    System.arraycopy(ahead, t * sizes.futureSize(), out, offset, sizes.futureSize());
  }

  /** Returns the target {@code j} steps after step {@code t}, j from 1; NaN is missing. */
  float target(int t, int j) {
    return targets[t * sizes.horizon() + j - 1];
  }
}
