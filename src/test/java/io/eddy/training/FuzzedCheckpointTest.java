package io.eddy.training;

import io.eddy.fuzz.DecoderFuzzer;
import io.eddy.model.Baseline;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.series.SteppedSeries;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Mutated checkpoints: a training resumes from each or rejects it. */
final class FuzzedCheckpointTest {
  private static final int SHA_BYTES = 32;

  private final DecoderFuzzer fuzzer = new DecoderFuzzer(500, IllegalArgumentException.class);
  private final ModelSpecification specification = Models.specification(CellKind.GRU, 2, 24);
  private final TrainingSettings settings =
      new TrainingSettings(
          2,
          2,
          new TrainingSettings.Optimiser(0.01, 0.01, 20),
          new TrainingSettings.Batches(16, 16, 2, 10),
          1);

  private final List<SteppedSeries> series =
      List.of(new SteppedSeries("a", 1000, new SplittableRandom(1).doubles(200).toArray()));

  /** Keeps all checkpoints. */
  private static final class Recorder implements CheckpointStore {
    private final List<byte[]> saved = new ArrayList<>();

    @Override
    public Optional<byte[]> last() {
      return Optional.empty();
    }

    @Override
    public void save(byte[] checkpoint) {
      saved.add(checkpoint);
    }
  }

  private List<byte[]> checkpoints() {
    Recorder recorder = new Recorder();
    try (Trainer trainer = new Trainer(specification, settings, 1, recorder)) {
      var unused = trainer.train(series, TimeSplit.of(series), TrainingListener.NONE);
    }
    return recorder.saved;
  }

  private Checkpoint checkpoint(TrainableNet net) {
    return new Checkpoint(
        specification, settings, new Checkpoint.Series(series, TimeSplit.of(series)), net);
  }

  private TrainableNet net() {
    return TrainableNet.random(
        specification, new Baseline(specification, null), new SplittableRandom(settings.seed()));
  }

  @Test
  void damagedFiles() {
    Checkpoint checkpoint = checkpoint(net());
    fuzzer.fuzz(
        bytes -> checkpoint.read(bytes, new TrainerState(net(), settings.optimiser())),
        checkpoints());
  }

  /** The checksum is right, so that the mutations reach the fields. */
  @Test
  void fields() {
    Checkpoint checkpoint = checkpoint(net());
    fuzzer.fuzz(
        bytes -> {
          byte[] file = Arrays.copyOf(bytes, bytes.length + SHA_BYTES);
          System.arraycopy(sha(bytes), 0, file, bytes.length, SHA_BYTES);
          checkpoint.read(file, new TrainerState(net(), settings.optimiser()));
        },
        checkpoints().stream().map(file -> Arrays.copyOf(file, file.length - SHA_BYTES)).toList());
  }

  @Test
  void parts() {
    Recorder joined = new Recorder();
    CheckpointParts parts = CheckpointParts.of(joined, 3);
    parts.part(0).save(new byte[] {1, 2, 3});
    parts.part(2).save(new byte[40]);
    fuzzer.fuzz(
        bytes ->
            CheckpointParts.of(
                new CheckpointStore() {
                  @Override
                  public Optional<byte[]> last() {
                    return Optional.of(bytes);
                  }

                  @Override
                  public void save(byte[] checkpoint) {}
                },
                3),
        joined.saved);
  }

  private static byte[] sha(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
