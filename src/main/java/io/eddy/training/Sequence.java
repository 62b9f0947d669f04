package io.eddy.training;

import io.eddy.model.Base;
import io.eddy.model.Decoder;
import io.eddy.model.InputEncoder;
import io.eddy.model.ModelSpecification;
import io.eddy.model.SeriesPast;
import io.eddy.series.SegmentsInMemory;
import io.eddy.series.SteppedSeries;
import io.eddy.series.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of steps without a gap too long to bridge: for each step the net's input [D] and the
 * targets of the next J steps, NaN where nothing was measured: transformed and scaled, (z_{t+j} −
 * base_{t+j}) / unit_t, and clipped; or the classes as they are. Beside them what was known ahead
 * at each step, where the model looks at it.
 */
final class Sequence {
  private final long firstStep;
  private final float[] inputs;
  private final float[] targets;
  private final float[] ahead;
  private final Decoder.Sizes sizes;

  private Sequence(
      long firstStep, float[] inputs, float[] targets, float[] ahead, Decoder.Sizes sizes) {
    this.firstStep = firstStep;
    this.inputs = inputs;
    this.targets = targets;
    this.ahead = ahead;
    this.sizes = sizes;
  }

  /** The sequences of a series: it is cut where the stream would start it anew. */
  static List<Sequence> of(SteppedSeries series, ModelSpecification specification, Base base) {
    List<Sequence> sequences = new ArrayList<>();
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
        sequences.add(build(series, new Range(from, to), specification, base));
      }
      from = to;
      while (from < values.length && Double.isNaN(values[from])) {
        from++;
      }
    }
    return sequences;
  }

  /** Steps of a series, the last one exclusive. */
  private record Range(int from, int to) {}

  private static Sequence build(
      SteppedSeries series, Range range, ModelSpecification specification, Base base) {
    InputEncoder encoder = new InputEncoder(specification);
    ModelSpecification.Output output = specification.output();
    Base.Workspace ahead = base.newWorkspace();
    int horizon = specification.output().horizon();
    int from = range.from();
    int steps = range.to() - from;
    float[] inputs = new float[steps * encoder.size()];
    float[] targets = new float[steps * horizon];
    Decoder.Sizes sizes = Decoder.Sizes.of(specification);
    float[] known = new float[steps * sizes.aheadSize()];
    double[] values = series.values();
    SeriesPast past =
        SeriesPast.begin(
            new Window(specification.contextLength(), new SegmentsInMemory()), specification);
    for (int t = 0; t < steps; t++) {
      double value = values[from + t];
      if (Double.isNaN(value)) {
        past.impute();
      } else if (!output.takes(value)) {
        throw new IllegalArgumentException(
            "series %s, step from %s on: expected a class, a whole number from 0 to %d, got %s"
                .formatted(
                    series.name(),
                    Instant.ofEpochMilli(
                        specification.sampling().startMs(series.firstStep() + from + t)),
                    output.classes() - 1,
                    value));
      } else {
        past.observe(value, series.covariates().at(from + t), encoder.scaling());
      }
      encoder.encode(past, series.firstStep() + from + t, inputs, t * encoder.size());
      past.covariates().writeAhead(series.ahead(from + t), horizon, known, t * sizes.aheadSize());
      double unit = past.unit(encoder.scaling());
      base.apply(past, ahead);
      for (int j = 1; j <= horizon; j++) {
        int at = from + t + j;
        if (at >= values.length || Double.isNaN(values[at])) {
          targets[t * horizon + j - 1] = Float.NaN;
        } else if (output.areClasses()) {
          targets[t * horizon + j - 1] = (float) values[at];
        } else {
          double transformed = encoder.scaling().transform().apply(values[at], past.scaler());
          double scaled = (transformed - ahead.ahead()[j - 1]) / unit;
          targets[t * horizon + j - 1] = Loss.clipped((float) scaled);
        }
      }
    }
    return new Sequence(series.firstStep() + from, inputs, targets, known, sizes);
  }

  int steps() {
    return targets.length / sizes.horizon();
  }

  /** Grid index of step 0. */
  long firstStep() {
    return firstStep;
  }

  /** Copies the input of step {@code t} into {@code out} from {@code offset} on. */
  void input(int t, float[] out, int offset) {
    int inputSize = inputs.length / steps();
    System.arraycopy(inputs, t * inputSize, out, offset, inputSize);
  }

  /** Copies what was known ahead at step {@code t} into {@code out} from {@code offset} on. */
  void ahead(int t, float[] out, int offset) {
    System.arraycopy(ahead, t * sizes.aheadSize(), out, offset, sizes.aheadSize());
  }

  /** Target for {@code j} steps after step {@code t}, j from 1; NaN where unknown. */
  float target(int t, int j) {
    return targets[t * sizes.horizon() + j - 1];
  }
}
