package io.eddy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.model.Covariate;
import io.eddy.model.Member;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.SeriesPast;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.GapFilling;
import io.eddy.series.Observation;
import io.eddy.series.SteppedSeries;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that training imputes gaps in the same way as serving. */
class GapTrainingTest {
  private static final int STEPS = 120;
  private static final TrainingSettings SETTINGS =
      new TrainingSettings(
          3,
          3,
          new TrainingSettings.Optimiser(0.01, 0, 20),
          new TrainingSettings.Batches(16, 16, 2, 20),
          1);

  @ParameterizedTest
  @EnumSource(GapFilling.class)
  void trainingInputsEqualServingInputs(GapFilling gaps) {
    ModelSpecification dilated =
        Models.withStepsDecoder(
            Models.withLayers(Models.specification(CellKind.LSTM, 6, STEPS), List.of(1, 3), 3), 4);
    ModelSpecification specification =
        Models.withGaps(Models.withCovariates(dilated, Covariate.future("plan")), gaps);
    Model model = ModelFile.read(Models.file(specification, 3));
    SteppedSeries series = series(1).get(0);

    TrainingSequence sequence =
        TrainingSequence.of(series, specification, model.member(0).baseline()).stream()
            .findFirst()
            .orElseThrow();
    if (sequence.isForecast()) {
      sequence.fill(Imputer.forecasting(model.member(0)));
    }

    assertThat(sequence.isForecast()).isEqualTo(gaps == GapFilling.MEDIAN);
    assertInputs(sequence, model.member(0), streamed(series, model));
  }

  /** Returns the window after the step function has processed every observation. */
  private static Window streamed(SteppedSeries series, Model model) {
    StepFunction steps = new StepFunction();
    SeriesState state = SeriesState.inMemory(model);
    for (int t = 0; t < series.size(); t++) {
      if (!Double.isNaN(series.values()[t])) {
        long timestampMs = model.specification().sampling().startMs(series.firstStep() + t);
        steps.apply(state, new Observation("a", timestampMs, series.values()[t]), model, 0);
      }
    }
    return state.window();
  }

  private static void assertInputs(TrainingSequence sequence, Member member, Window streamed) {
    ModelSpecification specification = member.specification();
    SeriesPast past = SeriesPast.of(new Window(STEPS, new InMemorySeriesStore()), specification);
    float[] expected = new float[member.encoder().size()];
    float[] actual = new float[member.encoder().size()];
    int imputed = 0;
    for (int t = 0; t < sequence.steps(); t++) {
      int lag = streamed.size() - 1 - t;
      if (streamed.isImputed(lag)) {
        past.impute(streamed.value(lag));
        imputed++;
      } else {
        past.observe(streamed.value(lag), member.encoder().scaling());
      }
      member.encoder().encode(past, sequence.firstStep() + t, expected, 0);
      sequence.input(t, actual, 0);
      assertThat(actual).as("step %d", t).isEqualTo(expected);
    }
    assertThat(imputed).isGreaterThan(10);
  }

  @Test
  void forecastImputationDoesNotDependOnThreadsOrResume() {
    ModelSpecification specification = specification(GapFilling.MEDIAN);
    byte[] expected = train(specification, CheckpointStore.NONE, 1);
    List<byte[]> saved = new ArrayList<>();
    CheckpointStore store =
        new CheckpointStore() {
          @Override
          public Optional<byte[]> last() {
            return saved.isEmpty() ? Optional.empty() : Optional.of(saved.get(saved.size() - 1));
          }

          @Override
          public void save(byte[] checkpoint) {
            saved.add(checkpoint);
            if (saved.size() == 1) {
              throw new IllegalStateException("killed");
            }
          }
        };

    assertThatThrownBy(() -> train(specification, store, 2)).hasMessage("killed");
    byte[] resumed = train(specification, store, 3);

    assertThat(resumed).isEqualTo(expected);
    assertThat(ModelFile.read(expected).specification().sampling().gaps())
        .isEqualTo(GapFilling.MEDIAN);
  }

  @Test
  void gapFillingChangesTrainedWeights() {
    List<float[]> biases = new ArrayList<>();
    for (GapFilling gaps : GapFilling.values()) {
      Model model = ModelFile.read(train(specification(gaps), CheckpointStore.NONE, 2));
      biases.add(model.member(0).stack().parameters(0).biasIh());
    }

    assertThat(biases).doesNotHaveDuplicates();
    assertThat(biases.stream().map(Arrays::hashCode).distinct()).hasSize(3);
  }

  private static ModelSpecification specification(GapFilling gaps) {
    return Models.withGaps(Models.specification(CellKind.GRU, 6, 24), gaps);
  }

  private static byte[] train(
      ModelSpecification specification, CheckpointStore checkpoints, int threads) {
    List<SteppedSeries> series = series(4);
    try (Trainer trainer = new Trainer(specification, SETTINGS, threads, checkpoints)) {
      return trainer
          .train(series, TimeSplit.of(series), TrainingListener.NONE)
          .toFile(specification);
    }
  }

  /** Returns series with gaps of one to three steps, which are imputed. */
  private static List<SteppedSeries> series(int count) {
    SplittableRandom random = new SplittableRandom(7);
    List<SteppedSeries> series = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      double[] values = new double[STEPS];
      int missing = 0;
      for (int t = 0; t < STEPS; t++) {
        boolean isMissing = t > 0 && t < STEPS - 1 && missing < 3 && random.nextInt(4) == 0;
        missing = isMissing ? missing + 1 : 0;
        values[t] = isMissing ? Double.NaN : 10 + 3 * StrictMath.sin(t) + random.nextDouble();
      }
      series.add(new SteppedSeries("series-" + s, 1000, values));
    }
    return series;
  }
}
