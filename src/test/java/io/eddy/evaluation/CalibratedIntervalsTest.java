package io.eddy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.BaselineSpec;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.model.Transform;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.CheckpointStore;
import io.eddy.training.EnsembleTrainer;
import io.eddy.training.TimeSplit;
import io.eddy.training.TrainingListener;
import io.eddy.training.TrainingSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Coverage of a model over 5,000 steps whose noise is larger than in training. */
class CalibratedIntervalsTest {
  private static final int HORIZON = 6;
  private static final int LEARNT = 1500;
  private static final int SHIFTING = 5000;
  private static final Sampling HOURLY = new Sampling(Duration.ofHours(1), Aggregation.FIRST, 3);
  private static final List<Double> LEVELS = List.of(0.05, 0.5, 0.95);

  @ParameterizedTest
  @EnumSource(Transform.class)
  void calibrationKeepsCoverageAfterShift(Transform transform) {
    ModelSpecification raw = specification(transform);
    double[] values = values();

    List<Double> missing = coverage(trained(raw, values), values);
    List<Double> kept =
        coverage(
            trained(
                new ModelSpecification(
                    raw.network(),
                    raw.sampling(),
                    raw.inputs(),
                    raw.output().withCalibrationRate(0.1),
                    raw.contextLength(),
                    raw.provenance()),
                values),
            values);

    assertThat(missing).allSatisfy(share -> assertThat(share).isLessThan(0.86));
    assertThat(kept).allSatisfy(share -> assertThat(share).isBetween(0.88, 0.92));
  }

  /** Returns a seasonal series; after the training part its noise triples and its level rises. */
  private static double[] values() {
    SplittableRandom random = new SplittableRandom(3);
    double[] values = new double[LEARNT + SHIFTING + HORIZON];
    for (int t = 0; t < values.length; t++) {
      double since = Math.max(0, t - LEARNT);
      double noise = t < LEARNT ? 1 : since < 2500 ? 1 + 2 * since / 2500 : 2;
      values[t] =
          100
              + 5 * StrictMath.sin(2 * Math.PI * t / 24)
              + 0.01 * since
              + noise * random.nextGaussian();
    }
    return values;
  }

  /** Returns the share of values within the interval by step ahead. */
  private static List<Double> coverage(Model model, double[] values) {
    StepFunction steps = new StepFunction();
    SeriesState state = SeriesState.inMemory(model);
    double[] within = new double[HORIZON];
    for (int t = 0; t < values.length - HORIZON; t++) {
      Observation observation = new Observation("a", t * 3_600_000L, values[t]);
      Forecast forecast =
          ((StepResult.Advanced) steps.apply(state, observation, model, 1)).forecast();
      for (int step = 1; step <= HORIZON && t >= LEARNT; step++) {
        boolean isWithin =
            forecast.value(step, 0) <= values[t + step]
                && values[t + step] <= forecast.value(step, 2);
        within[step - 1] += isWithin ? 1.0 / SHIFTING : 0;
      }
    }
    return Arrays.stream(within).boxed().toList();
  }

  private static Model trained(ModelSpecification specification, double[] values) {
    SteppedSeries series = new SteppedSeries("a", 0, values).before(LEARNT);
    TrainingSettings settings =
        new TrainingSettings(
            6,
            6,
            TrainingSettings.Optimiser.DEFAULT.withLearningRate(0.01),
            new TrainingSettings.Batches(16, 16, 2, 40),
            1);
    EnsembleTrainer trainer =
        new EnsembleTrainer(List.of(specification), settings, 2, CheckpointStore.NONE);
    EnsembleTrainer.Result result =
        trainer.train(List.of(series), TimeSplit.of(List.of(series)), TrainingListener.NONE);
    return result.toFile(specification.provenance()).model();
  }

  private static ModelSpecification specification(Transform transform) {
    return new ModelSpecification(
        new ModelSpecification.Network(CellKind.GRU, 8, List.of(1)),
        HOURLY,
        new ModelSpecification.Inputs(1, true, 500, 0, transform),
        new ModelSpecification.Output(HORIZON, LEVELS, new BaselineSpec(24)),
        48,
        new Provenance("", 0, "", Map.of()));
  }
}
