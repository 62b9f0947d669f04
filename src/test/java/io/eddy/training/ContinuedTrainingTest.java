package io.eddy.training;

import static io.eddy.training.TrainerFixture.QUICK;
import static io.eddy.training.TrainerFixture.settings;
import static io.eddy.training.TrainerFixture.sines;
import static io.eddy.training.TrainerFixture.specification;
import static io.eddy.training.TrainerFixture.train;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.SteppedSeries;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Continues the training of a model. */
final class ContinuedTrainingTest {
  @Test
  void continuesFromWeightsOfModel() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.1, 0.5, 0.9));
    List<SteppedSeries> series = sines(6, 400);
    Model first = ModelFile.read(train(specification, series, QUICK, 2).toFile(specification));
    TrainingSettings oneEpoch = settings(1, 0.001, 2);

    byte[] once = continueTraining(first, specification, series, oneEpoch).toFile(specification);
    Trainer.Result result = continueTraining(first, specification, series, oneEpoch);

    assertThat(result.toFile(specification)).isEqualTo(once);
    assertThat(ModelFile.read(once).version()).isNotEqualTo(first.version());
    assertThat(result.validationLoss())
        .isLessThan(0.5 * train(specification, series, oneEpoch, 2).validationLoss());
  }

  @Test
  void doesNotModifyModelItContinuesFrom() {
    ModelSpecification specification =
        Models.withStepsDecoder(specification(CellKind.LSTM, List.of(0.1, 0.5, 0.9)), 8);
    byte[] file = Models.file(specification, 1);
    Model first = ModelFile.read(file);

    continueTraining(first, specification, sines(6, 400), QUICK);

    assertThat(Models.write(first.member(0))).isEqualTo(file);
  }

  @Test
  void rejectsModelWithDifferentSpecification() {
    ModelSpecification specification = specification(CellKind.GRU, List.of(0.5));
    Model other = Models.model(CellKind.GRU, 16, 24, 1);

    assertThatThrownBy(() -> continueTraining(other, specification, sines(1, 100), QUICK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("from: expected a member with the specification of this trainer");
  }

  private static Trainer.Result continueTraining(
      Model from,
      ModelSpecification specification,
      List<SteppedSeries> series,
      TrainingSettings settings) {
    try (Trainer trainer = new Trainer(specification, settings, 2, CheckpointStore.NONE)) {
      return trainer.train(
          series, TimeSplit.withoutTest(series), TrainingListener.NONE, from.member(0));
    }
  }
}
