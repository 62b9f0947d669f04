package io.eddy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.model.BaselineSpec;
import io.eddy.model.Covariate;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.Provenance;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.CovariateColumns;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckpointTest {
  private static final TrainingSettings SETTINGS =
      new TrainingSettings(
          5,
          5,
          new TrainingSettings.Optimiser(0.01, 0.01, 20),
          new TrainingSettings.Batches(16, 16, 2, 10),
          1);
  private static final TrainingSettings PLAIN =
      new TrainingSettings(
          5, 5, TrainingSettings.Optimiser.DEFAULT.withLearningRate(0.01), SETTINGS.batches(), 1);

  private final InMemoryStore store = new InMemoryStore();

  private static final class InMemoryStore implements CheckpointStore {
    private Optional<byte[]> last = Optional.empty();

    @Override
    public Optional<byte[]> last() {
      return last;
    }

    @Override
    public void save(byte[] checkpoint) {
      last = Optional.of(checkpoint);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "4, 2", "5, 1"})
  void resumedTrainingGivesSameBytes(int epoch, int threads) {
    byte[] expected = train(SETTINGS, CheckpointStore.NONE, 2, TrainingListener.NONE);

    assertThatThrownBy(() -> train(SETTINGS, store, 2, stopAt(epoch))).isInstanceOf(Stop.class);
    byte[] resumed = train(SETTINGS, store, threads, TrainingListener.NONE);

    assertThat(resumed).isEqualTo(expected);
  }

  @Test
  void resumesAfterSeveralInterruptions() {
    byte[] expected = train(PLAIN, CheckpointStore.NONE, 2, TrainingListener.NONE);

    for (int epoch = 1; epoch <= 4; epoch++) {
      TrainingListener stop = stopAt(epoch);
      assertThatThrownBy(() -> train(PLAIN, store, 1, stop)).isInstanceOf(Stop.class);
    }

    assertThat(train(PLAIN, store, 3, TrainingListener.NONE)).isEqualTo(expected);
  }

  @Test
  void finishedTrainingResumesToSameResult() {
    byte[] expected = train(SETTINGS, store, 2, TrainingListener.NONE);
    List<Integer> epochs = new ArrayList<>();

    byte[] again = train(SETTINGS, store, 2, onEpochEnd(epochs::add));

    assertThat(again).isEqualTo(expected);
    assertThat(epochs).isEmpty();
  }

  @Test
  void rejectsDifferentSettings() {
    train(SETTINGS, store, 1, TrainingListener.NONE);

    assertThatThrownBy(() -> train(PLAIN, store, 1, TrainingListener.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "checkpoint: expected settings epochs 5, patience 5, learning rate 0.01, weight decay"
                + " 0.0, average 0.0, batches 16x16x2x10, seed 1, got epochs 5, patience 5,"
                + " learning rate 0.01, weight decay 0.01, average 20.0, batches 16x16x2x10,"
                + " seed 1");
  }

  @Test
  void rejectsDifferentModel() {
    train(SETTINGS, store, 1, TrainingListener.NONE);

    assertThatThrownBy(() -> train(specification(9, ""), series(5), store))
        .hasMessage("checkpoint: the model has different options");
  }

  @Test
  void rejectsDifferentData() {
    train(SETTINGS, store, 1, TrainingListener.NONE);

    assertThatThrownBy(() -> train(specification(8, ""), series(6), store))
        .hasMessage("checkpoint: the training data are different");
  }

  @Test
  void rejectsDifferentValuesOfModelCovariatesOnly() {
    ModelSpecification specification =
        Models.withCovariates(specification(8, ""), Covariate.past("load"));
    train(specification, withCovariates(series(5), 1, 1), store);

    train(specification, withCovariates(series(5), 1, 2), store);
    assertThatThrownBy(() -> train(specification, withCovariates(series(5), 2, 1), store))
        .hasMessage("checkpoint: the training data are different");
  }

  @Test
  void rejectsDifferentFutureCovariatesWithinHorizonOnly() {
    ModelSpecification specification =
        Models.withCovariates(
            Models.withStepsDecoder(specification(8, ""), 5), Covariate.future("load"));
    int horizon = specification.output().horizon();
    train(specification, withFutureCovariates(horizon, 1), store);

    train(specification, withFutureCovariates(horizon + 1, 1), store);
    assertThatThrownBy(() -> train(specification, withFutureCovariates(horizon, 2), store))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("checkpoint: ");
  }

  @Test
  void resumedTrainingHidesSameFutureCovariates() {
    ModelSpecification specification =
        Models.withCovariates(
            Models.withStepsDecoder(specification(8, ""), 5), Covariate.future("load"));
    List<SteppedSeries> series = withFutureCovariates(specification.output().horizon(), 1);
    InMemoryStore expected = new InMemoryStore();
    train(specification, series, expected);

    try (Trainer trainer = new Trainer(specification, SETTINGS, 2, store)) {
      TrainingListener stop = stopAt(2);
      assertThatThrownBy(() -> trainer.train(series, TimeSplit.of(series), stop))
          .isInstanceOf(Stop.class);
    }
    train(specification, series, store);

    assertThat(store.last().orElseThrow()).isEqualTo(expected.last().orElseThrow());
  }

  private static List<SteppedSeries> withFutureCovariates(int steps, double load) {
    double[] known = new double[steps];
    Arrays.fill(known, 0, steps - 1, 1);
    known[steps - 1] = load;
    return withCovariates(series(5), 1, 1).stream()
        .map(
            each -> {
              FutureCovariates[] future = new FutureCovariates[each.size()];
              Arrays.fill(future, FutureCovariates.NONE);
              future[9] = FutureCovariates.of(Map.of("load", known));
              return new SteppedSeries(
                  each.name(), each.firstStep(), each.values(), each.covariates(), future);
            })
        .toList();
  }

  private static List<SteppedSeries> withCovariates(
      List<SteppedSeries> series, double load, double other) {
    List<SteppedSeries> all = new ArrayList<>();
    for (SteppedSeries each : series) {
      CovariateColumns covariates = new CovariateColumns(each.size());
      covariates.set(7, new Covariates(Map.of("load", load, "other", other)));
      all.add(new SteppedSeries(each.name(), each.firstStep(), each.values(), covariates));
    }
    return all;
  }

  @Test
  void rejectsDifferentCodeVersion() {
    train(SETTINGS, store, 1, TrainingListener.NONE);

    assertThatThrownBy(() -> train(specification(8, "2.0"), series(5), store))
        .hasMessage(
            "checkpoint: expected code version 2.0, got ; delete the checkpoint to start again");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8, 11, 12, 40, 500, 3000})
  void rejectsDamagedCheckpoint(int length) {
    train(SETTINGS, store, 1, TrainingListener.NONE);
    byte[] expected = store.last().orElseThrow();
    byte[] flipped = expected.clone();
    flipped[length] ^= 0x10;

    store.save(flipped);
    assertThatThrownBy(() -> train(SETTINGS, store, 1, TrainingListener.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("checkpoint: ");
    store.save(Arrays.copyOf(expected, length));
    assertThatThrownBy(() -> train(SETTINGS, store, 1, TrainingListener.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("checkpoint: ");
  }

  private static byte[] train(
      TrainingSettings settings,
      CheckpointStore checkpoints,
      int threads,
      TrainingListener onEpochEnd) {
    ModelSpecification specification = specification(8, "");
    List<SteppedSeries> series = series(5);
    try (Trainer trainer = new Trainer(specification, settings, threads, checkpoints)) {
      return trainer.train(series, TimeSplit.of(series), onEpochEnd).toFile(specification);
    }
  }

  private static void train(
      ModelSpecification specification, List<SteppedSeries> series, CheckpointStore checkpoints) {
    try (Trainer trainer = new Trainer(specification, SETTINGS, 1, checkpoints)) {
      trainer.train(series, TimeSplit.of(series), TrainingListener.NONE);
    }
  }

  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static TrainingListener stopAt(int last) {
    return onEpochEnd(
        epoch -> {
          if (epoch == last) {
            throw new Stop();
          }
        });
  }

  private static TrainingListener onEpochEnd(java.util.function.IntConsumer ended) {
    return new TrainingListener() {
      @Override
      public void updated(long done, long total, double loss) {}

      @Override
      public void epochEnded(int epoch, double trainingLoss, double validationLoss) {
        ended.accept(epoch);
      }
    };
  }

  /** Two layers with dropout between them, so that two kinds of random generators are used. */
  private static ModelSpecification specification(int hiddenSize, String codeVersion) {
    return new ModelSpecification(
        new ModelSpecification.Network(CellKind.GRU, hiddenSize, List.of(1, 2), 0.2),
        new Sampling(Duration.ofHours(1), Aggregation.FIRST, 3),
        new ModelSpecification.Inputs(1, false, 24),
        new ModelSpecification.Output(3, List.of(0.5), BaselineSpec.NAIVE),
        24,
        new Provenance("", 0, codeVersion, Map.of()));
  }

  private static List<SteppedSeries> series(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<SteppedSeries> series = new ArrayList<>();
    for (int s = 0; s < 3; s++) {
      double[] values = random.doubles(200).toArray();
      series.add(new SteppedSeries("series-" + s, 1000, values));
    }
    return series;
  }
}
