package io.eddy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.Provenance;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EnsembleTrainerTest {
  private static final Provenance PROVENANCE = new Provenance("test", 5, "test", Map.of());
  private static final ModelSpecification GRU = Models.specification(CellKind.GRU, 6, 24);
  private static final ModelSpecification LSTM =
      Models.withLayers(Models.specification(CellKind.LSTM, 5, 24), List.of(1, 3), 4);

  private final List<SteppedSeries> series = rhythms();
  private final TimeSplit split = TimeSplit.of(series);

  @Test
  void memberEqualsSingleTrainingWithItsSeed() {
    byte[] file = train(List.of(GRU, LSTM, GRU), 5).toFile(PROVENANCE).bytes();

    assertThat(file)
        .isEqualTo(Models.combined(trainSingle(GRU, 5), trainSingle(LSTM, 6), trainSingle(GRU, 7)));
  }

  @Test
  void singleMemberEqualsTrainer() {
    assertThat(train(List.of(LSTM), 5).toFile(PROVENANCE).bytes()).isEqualTo(trainSingle(LSTM, 5));
  }

  @Test
  void sumsEpochsAndAveragesLosses() {
    EnsembleTrainer.Result result = train(List.of(GRU, LSTM), 5);

    assertThat(result.epochs()).isEqualTo(4);
    assertThat(result.validationLoss())
        .isEqualTo(
            (result.members().get(0).validationLoss() + result.members().get(1).validationLoss())
                / 2);
  }

  @Test
  void trainsEachMemberFromItsWeights() {
    Model first = train(List.of(GRU, LSTM), 5).toFile(PROVENANCE).model();

    Model second =
        EnsembleTrainer.forModel(first, settings(8), 2)
            .train(series, split, TrainingListener.NONE, first)
            .toFile(PROVENANCE)
            .model();

    for (int i = 0; i < 2; i++) {
      ModelSpecification specification = first.member(i).specification();
      try (Trainer trainer = new Trainer(specification, settings(8 + i), 1, CheckpointStore.NONE)) {
        byte[] expected =
            trainer
                .train(series, split, TrainingListener.NONE, first.member(i))
                .toFile(specification);
        assertThat(Models.write(second.member(i))).isEqualTo(expected);
      }
    }
  }

  @Test
  void rejectsModelWithDifferentMemberCount() {
    Model other = ModelFile.read(Models.file(GRU, 1));
    EnsembleTrainer trainer =
        new EnsembleTrainer(List.of(GRU, GRU), settings(1), 1, CheckpointStore.NONE);

    assertThatThrownBy(() -> trainer.train(series, split, TrainingListener.NONE, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(": expected 2 members, got 1");
  }

  @Test
  void reportsMembersAndTotalProgress() {
    List<String> calls = new ArrayList<>();

    new EnsembleTrainer(List.of(GRU, LSTM), settings(1), 1, CheckpointStore.NONE)
        .train(
            series,
            split,
            new TrainingListener() {
              private long last;

              @Override
              public void memberStarted(int index, int count) {
                calls.add("member %d of %d after %d".formatted(index, count, last));
              }

              @Override
              public void updated(long done, long total, double loss) {
                assertThat(total).isEqualTo(2 * 2 * 10);
                last = done;
              }

              @Override
              public void epochEnded(int epoch, double trainingLoss, double validationLoss) {}
            });

    assertThat(calls).containsExactly("member 0 of 2 after 0", "member 1 of 2 after 20");
  }

  private static final class RecordingStore implements CheckpointStore {
    private final List<byte[]> saved = new ArrayList<>();
    private final Optional<byte[]> last;

    RecordingStore(Optional<byte[]> last) {
      this.last = last;
    }

    @Override
    public Optional<byte[]> last() {
      return last;
    }

    @Override
    public void save(byte[] checkpoint) {
      saved.add(checkpoint);
    }
  }

  @Test
  void resumesFromCheckpointOfAnyEpoch() {
    RecordingStore store = new RecordingStore(Optional.empty());
    byte[] expected = train(store);
    assertThat(store.saved).hasSize(2 * 2);

    for (byte[] checkpoint : store.saved) {
      assertThat(train(new RecordingStore(Optional.of(checkpoint)))).isEqualTo(expected);
    }
  }

  @Test
  void rejectsInvalidMemberCheckpoint() {
    RecordingStore store = new RecordingStore(Optional.empty());
    train(store);
    byte[] last = store.saved.get(3);

    assertRejected(new byte[] {1, 2}, "checkpoint: truncated: got 2 bytes");
    assertRejected(new byte[20], "checkpoint: expected the checkpoint of a training with 2 parts");
    for (int length = 8; length < last.length; length += 501) {
      assertRejected(Arrays.copyOf(last, length), "checkpoint: truncated: ");
    }
    last[11] = 3;
    assertRejected(last, "checkpoint: expected the checkpoint of a training with 2 parts");
  }

  private void assertRejected(byte[] checkpoint, String message) {
    assertThatThrownBy(() -> train(new RecordingStore(Optional.of(checkpoint))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  private byte[] train(CheckpointStore checkpoints) {
    return new EnsembleTrainer(List.of(GRU, LSTM), settings(1), 1, checkpoints)
        .train(series, split, TrainingListener.NONE)
        .toFile(PROVENANCE)
        .bytes();
  }

  private EnsembleTrainer.Result train(List<ModelSpecification> members, long seed) {
    return new EnsembleTrainer(members, settings(seed), 2, CheckpointStore.NONE)
        .train(series, split, TrainingListener.NONE);
  }

  private byte[] trainSingle(ModelSpecification specification, long seed) {
    try (Trainer trainer = new Trainer(specification, settings(seed), 1, CheckpointStore.NONE)) {
      return trainer
          .train(series, split, TrainingListener.NONE)
          .toFile(specification.withProvenance(PROVENANCE));
    }
  }

  private static TrainingSettings settings(long seed) {
    return new TrainingSettings(
        2,
        2,
        TrainingSettings.Optimiser.DEFAULT.withLearningRate(0.01),
        new TrainingSettings.Batches(8, 16, 2, 10),
        seed);
  }

  private static List<SteppedSeries> rhythms() {
    SplittableRandom random = new SplittableRandom(5);
    List<SteppedSeries> series = new ArrayList<>();
    for (int s = 0; s < 3; s++) {
      double[] values = new double[200];
      for (int t = 0; t < values.length; t++) {
        values[t] = 10 * StrictMath.sin(2 * Math.PI * t / 11 + s) + random.nextGaussian();
      }
      series.add(new SteppedSeries("series-" + s, 1000, values));
    }
    return series;
  }
}
