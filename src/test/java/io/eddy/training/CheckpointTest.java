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
      new TrainingSettings(5, 5, 0.01, SETTINGS.batches(), 1);

  private final Kept kept = new Kept();

  /** In memory. */
  private static final class Kept implements CheckpointStore {
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
  void trainingGoesOnToTheSameBytesAsOneThatWasNeverInterrupted(int epoch, int threads) {
    byte[] whole = train(SETTINGS, CheckpointStore.NONE, 2, TrainingListener.NONE);

    assertThatThrownBy(() -> train(SETTINGS, kept, 2, stopAt(epoch))).isInstanceOf(Stop.class);
    byte[] resumed = train(SETTINGS, kept, threads, TrainingListener.NONE);

    assertThat(resumed).isEqualTo(whole);
  }

  @Test
  void trainingGoesOnAsOftenAsItIsInterrupted() {
    byte[] whole = train(PLAIN, CheckpointStore.NONE, 2, TrainingListener.NONE);

    for (int epoch = 1; epoch <= 4; epoch++) {
      TrainingListener stop = stopAt(epoch);
      assertThatThrownBy(() -> train(PLAIN, kept, 1, stop)).isInstanceOf(Stop.class);
    }

    assertThat(train(PLAIN, kept, 3, TrainingListener.NONE)).isEqualTo(whole);
  }

  @Test
  void trainingThatEndedGivesTheSameAgain() {
    byte[] whole = train(SETTINGS, kept, 2, TrainingListener.NONE);
    List<Integer> epochs = new ArrayList<>();

    byte[] again = train(SETTINGS, kept, 2, progress(epochs::add));

    assertThat(again).isEqualTo(whole);
    assertThat(epochs).isEmpty();
  }

  @Test
  void otherSettingsAreRefusedWithBoth() {
    train(SETTINGS, kept, 1, TrainingListener.NONE);

    assertThatThrownBy(() -> train(PLAIN, kept, 1, TrainingListener.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "checkpoint: it trains with epochs 5, patience 5, learning rate 0.01, weight decay"
                + " 0.01, average 20.0, batches 16x16x2x10, seed 1, expected epochs 5, patience 5,"
                + " learning rate 0.01, weight decay 0.0, average 0.0, batches 16x16x2x10, seed 1");
  }

  @Test
  void anotherModelIsRefused() {
    train(SETTINGS, kept, 1, TrainingListener.NONE);

    assertThatThrownBy(() -> train(specification(9, ""), series(5), kept))
        .hasMessage("checkpoint: the model it trains has other options");
  }

  @Test
  void otherDataAreRefused() {
    train(SETTINGS, kept, 1, TrainingListener.NONE);

    assertThatThrownBy(() -> train(specification(8, ""), series(6), kept))
        .hasMessage("checkpoint: it trains on other data");
  }

  @Test
  void otherNumbersOfACovariateThatIsTrainedOnAreRefusedAndOfAnyOtherAreNot() {
    ModelSpecification specification =
        Models.withCovariates(specification(8, ""), Covariate.past("load"));
    train(specification, withCovariates(series(5), 1, 1), kept);

    train(specification, withCovariates(series(5), 1, 2), kept);
    assertThatThrownBy(() -> train(specification, withCovariates(series(5), 2, 1), kept))
        .hasMessage("checkpoint: it trains on other data");
  }

  @Test
  void anotherLookAheadWithinTheHorizonIsRefusedAndOneBeyondItIsNot() {
    ModelSpecification specification =
        Models.withCovariates(
            Models.withStepsDecoder(specification(8, ""), 5), Covariate.future("load"));
    int horizon = specification.output().horizon();
    train(specification, knowingAhead(horizon, 1), kept);

    train(specification, knowingAhead(horizon + 1, 1), kept);
    assertThatThrownBy(() -> train(specification, knowingAhead(horizon, 2), kept))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("checkpoint: ");
  }

  @Test
  void whatIsHiddenOfALookAheadIsTheSameAfterAnInterruption() {
    ModelSpecification specification =
        Models.withCovariates(
            Models.withStepsDecoder(specification(8, ""), 5), Covariate.future("load"));
    List<SteppedSeries> series = knowingAhead(specification.output().horizon(), 1);
    Kept whole = new Kept();
    train(specification, series, whole);

    try (Trainer trainer = new Trainer(specification, SETTINGS, 2, kept)) {
      TrainingListener stop = stopAt(2);
      assertThatThrownBy(() -> trainer.train(series, TimeSplit.of(series), stop))
          .isInstanceOf(Stop.class);
    }
    train(specification, series, kept);

    assertThat(kept.last().orElseThrow()).isEqualTo(whole.last().orElseThrow());
  }

  private static List<SteppedSeries> knowingAhead(int steps, double load) {
    double[] known = new double[steps];
    Arrays.fill(known, 0, steps - 1, 1);
    known[steps - 1] = load;
    return withCovariates(series(5), 1, 1).stream()
        .map(
            one -> {
              FutureCovariates[] ahead = new FutureCovariates[one.size()];
              Arrays.fill(ahead, FutureCovariates.NONE);
              ahead[9] = FutureCovariates.of(Map.of("load", known));
              return new SteppedSeries(
                  one.name(), one.firstStep(), one.values(), one.covariates(), ahead);
            })
        .toList();
  }

  private static List<SteppedSeries> withCovariates(
      List<SteppedSeries> series, double load, double other) {
    List<SteppedSeries> all = new ArrayList<>();
    for (SteppedSeries one : series) {
      CovariateColumns covariates = new CovariateColumns(one.size());
      covariates.set(7, new Covariates(Map.of("load", load, "other", other)));
      all.add(new SteppedSeries(one.name(), one.firstStep(), one.values(), covariates));
    }
    return all;
  }

  @Test
  void anotherVersionOfTheCodeIsRefused() {
    train(SETTINGS, kept, 1, TrainingListener.NONE);

    assertThatThrownBy(() -> train(specification(8, "2.0"), series(5), kept))
        .hasMessage("checkpoint: version  wrote it, and version 2.0 may train otherwise");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8, 11, 12, 40, 500, 3000})
  void damageIsRefused(int length) {
    train(SETTINGS, kept, 1, TrainingListener.NONE);
    byte[] whole = kept.last().orElseThrow();
    byte[] flipped = whole.clone();
    flipped[length] ^= 0x10;

    kept.save(flipped);
    assertThatThrownBy(() -> train(SETTINGS, kept, 1, TrainingListener.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("checkpoint: ");
    kept.save(Arrays.copyOf(whole, length));
    assertThatThrownBy(() -> train(SETTINGS, kept, 1, TrainingListener.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("checkpoint: ");
  }

  private static byte[] train(
      TrainingSettings settings,
      CheckpointStore checkpoints,
      int threads,
      TrainingListener progress) {
    ModelSpecification specification = specification(8, "");
    List<SteppedSeries> series = series(5);
    try (Trainer trainer = new Trainer(specification, settings, threads, checkpoints)) {
      return trainer.train(series, TimeSplit.of(series), progress).toFile(specification);
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
    return progress(
        epoch -> {
          if (epoch == last) {
            throw new Stop();
          }
        });
  }

  private static TrainingListener progress(java.util.function.IntConsumer ended) {
    return new TrainingListener() {
      @Override
      public void updated(long done, long total, double loss) {}

      @Override
      public void epochEnded(int epoch, double trainingLoss, double validationLoss) {
        ended.accept(epoch);
      }
    };
  }

  /** Two layers with dropout between them, so that there are two kinds of generators. */
  private static ModelSpecification specification(int hiddenSize, String codeVersion) {
    return new ModelSpecification(
        new ModelSpecification.Network(CellKind.GRU, hiddenSize, List.of(1, 2), 0.2),
        new Sampling(Duration.ofHours(1), Aggregation.FIRST, 3),
        new ModelSpecification.Inputs(1, false, 24),
        new ModelSpecification.Output(3, List.of(0.5), BaselineSpec.LAST_VALUE),
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
