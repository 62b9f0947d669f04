package io.eddy.training;

import static io.eddy.training.TrainerFixture.QUICK;
import static io.eddy.training.TrainerFixture.constants;
import static io.eddy.training.TrainerFixture.settings;
import static io.eddy.training.TrainerFixture.sines;
import static io.eddy.training.TrainerFixture.specification;
import static io.eddy.training.TrainerFixture.train;
import static io.eddy.training.TrainerFixture.withOptimiser;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.model.DecoderKind;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.Transform;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.SteppedSeries;
import io.eddy.training.TrainingSettings.Optimiser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainerTest {
  @ParameterizedTest
  @EnumSource(CellKind.class)
  void learnsSeasonThatBaselineLacks(CellKind kind) {
    ModelSpecification specification = specification(kind, List.of(0.1, 0.5, 0.9));
    List<SteppedSeries> series = sines(6, 400);

    Trainer.Result result = train(specification, series, QUICK, 2);
    Trainer.Result untrained = train(specification, series, settings(1, 1e-9, 1), 2);

    assertThat(result.validationLoss()).isLessThan(0.5 * untrained.validationLoss());
  }

  @ParameterizedTest
  @EnumSource(Transform.class)
  void linearBaselineFitsSeasonBeforeTraining(Transform transform) {
    ModelSpecification lastValueBaseline = specification(CellKind.GRU, List.of(0.1, 0.5, 0.9));
    ModelSpecification linear = Models.withLinearBaseline(lastValueBaseline, 24, transform);
    List<SteppedSeries> series = shifted(200, sines(6, 400));
    TrainingSettings untrained = settings(1, 1e-9, 1);

    double lastValueLoss = train(lastValueBaseline, series, untrained, 2).validationLoss();
    Trainer.Result result = train(linear, series, untrained, 2);

    assertThat(result.validationLoss()).isLessThan(0.5 * lastValueLoss);
    assertThat(train(linear, series, untrained, 1).toFile(linear)).isEqualTo(result.toFile(linear));
  }

  private static List<SteppedSeries> shifted(double level, List<SteppedSeries> series) {
    return series.stream()
        .map(
            each ->
                new SteppedSeries(
                    each.name(),
                    each.firstStep(),
                    Arrays.stream(each.values()).map(value -> value + level).toArray()))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Transform.class)
  void linearBaselineIsFiniteForExtremeSeries(Transform transform) {
    ModelSpecification specification =
        Models.withLinearBaseline(
            specification(CellKind.GRU, List.of(0.1, 0.5, 0.9)), 12, transform);

    byte[] file = train(specification, constants(), QUICK, 1).toFile(specification);

    assertThat(ModelFile.read(file).specification()).isEqualTo(specification);
  }

  @Test
  void sameSeedGivesSameBytesOnAnyThreads() {
    ModelSpecification specification = specification(CellKind.LSTM, List.of(0.1, 0.5, 0.9));
    List<SteppedSeries> series = sines(3, 200);

    byte[] one = train(specification, series, QUICK, 1).toFile(specification);
    byte[] two = train(specification, series, QUICK, 2).toFile(specification);
    byte[] three = train(specification, series, QUICK, 3).toFile(specification);

    assertThat(one).isEqualTo(two).isEqualTo(three);
  }

  @Test
  void dropoutChangesResultButNotWithThreads() {
    ModelSpecification plain = specification(CellKind.GRU, List.of(0.5));
    ModelSpecification withDropout =
        Models.withNetwork(
            plain, new ModelSpecification.Network(CellKind.GRU, 8, List.of(1, 2), 0.3));
    ModelSpecification withoutDropoutSpecification =
        Models.withNetwork(plain, new ModelSpecification.Network(CellKind.GRU, 8, List.of(1, 2)));
    List<SteppedSeries> series = sines(3, 200);

    byte[] one = train(withDropout, series, QUICK, 1).toFile(withDropout);
    byte[] three = train(withDropout, series, QUICK, 3).toFile(withDropout);
    byte[] withoutDropout =
        train(withoutDropoutSpecification, series, QUICK, 1).toFile(withDropout);

    assertThat(one).isEqualTo(three).isNotEqualTo(withoutDropout);
    assertThat(ModelFile.read(one).specification()).isEqualTo(withDropout);
  }

  @Test
  void differentSeedGivesDifferentFile() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.5));
    List<SteppedSeries> series = sines(3, 200);
    TrainingSettings other = settings(4, 0.01, 2);

    assertThat(train(specification, series, QUICK, 1).toFile(specification))
        .isNotEqualTo(train(specification, series, other, 1).toFile(specification));
  }

  @ParameterizedTest
  @EnumSource(DecoderKind.class)
  void weightDecayReducesWeights(DecoderKind decoder) {
    ModelSpecification linear = specification(CellKind.GRU, List.of(0.5));
    ModelSpecification specification =
        decoder == DecoderKind.LINEAR ? linear : Models.withStepsDecoder(linear, 8);
    List<SteppedSeries> series = sines(3, 200);

    byte[] plain = train(specification, series, QUICK, 1).toFile(specification);
    byte[] decayed =
        train(specification, series, withOptimiser(new Optimiser(0.01, 1, 0)), 1)
            .toFile(specification);

    assertThat(squaredWeights(decayed)).isLessThan(0.9 * squaredWeights(plain));
  }

  private static double squaredWeights(byte[] file) {
    double sum = 0;
    for (float weight : ModelFile.read(file).member(0).stack().parameters(0).weightHh().data) {
      sum += weight * weight;
    }
    return sum;
  }

  @Test
  void validatesAndKeepsWeightAverage() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.5));
    List<SteppedSeries> series = sines(6, 400);
    TrainingSettings averaged = withOptimiser(new Optimiser(0.01, 0, 20));

    Trainer.Result result = train(specification, series, averaged, 1);

    byte[] file = result.toFile(specification);
    assertThat(file).isEqualTo(train(specification, series, averaged, 3).toFile(specification));
    TrainingSettings none = settings(1, 0, 1);
    try (Trainer trainer = new Trainer(specification, none, 1, CheckpointStore.NONE)) {
      Trainer.Result measured =
          trainer.train(
              series, TimeSplit.of(series), TrainingListener.NONE, ModelFile.read(file).member(0));
      assertThat(measured.validationLoss()).isEqualTo(result.validationLoss());
    }
    assertThat(result.validationLoss())
        .isLessThan(1.2 * train(specification, series, QUICK, 1).validationLoss());
  }

  @Test
  void testPartDoesNotChangeWeights() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.1, 0.5, 0.9));
    List<SteppedSeries> series = sines(3, 200);
    TimeSplit split = TimeSplit.of(series);
    List<SteppedSeries> changed = new ArrayList<>();
    for (SteppedSeries each : series) {
      double[] values = each.values().clone();
      int from = (int) (split.validationEnd() - each.firstStep());
      Arrays.fill(values, from, values.length, 12345);
      changed.add(new SteppedSeries(each.name(), each.firstStep(), values));
    }

    assertThat(train(specification, changed, QUICK, 1).toFile(specification))
        .isEqualTo(train(specification, series, QUICK, 1).toFile(specification));
  }

  @Test
  void trainsOnAllDataWithoutValidation() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.1, 0.5, 0.9));
    List<SteppedSeries> series = sines(6, 400);
    long end = series.get(0).firstStep() + 400;

    try (Trainer trainer = new Trainer(specification, QUICK, 2, CheckpointStore.NONE)) {
      Trainer.Result result = trainer.train(series, new TimeSplit(end, end), TrainingListener.NONE);

      assertThat(result.epochs()).isEqualTo(QUICK.epochs());
      assertThat(result.toFile(specification))
          .isNotEqualTo(train(specification, series, QUICK, 2).toFile(specification));
    }
  }

  @Test
  void weightsAreFiniteForExtremeSeries() {
    ModelSpecification specification = specification(CellKind.LSTM, List.of(0.1, 0.5, 0.9));

    Model model = ModelFile.read(train(specification, constants(), QUICK, 1).toFile(specification));

    assertThat(model.specification()).isEqualTo(specification);
  }

  @Test
  void rejectsTooLittleData() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.5));

    assertThatThrownBy(() -> train(specification, sines(1, 2), QUICK, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("too little data: ");
    assertThatThrownBy(() -> TimeSplit.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no observations to train on");
  }
}
