package io.eddy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.dataset.Dataset;
import io.eddy.dataset.SeriesData;
import io.eddy.model.TrainingRun;
import io.eddy.training.AutomaticSchedule;
import io.eddy.training.CheckpointStore;
import io.eddy.training.TrainingListener;
import io.eddy.training.TrainingListener.Stage;
import io.eddy.training.TrainingRequest;
import io.eddy.training.TrainingRequest.Stages;
import io.eddy.training.TrainingSchedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class TrainingPipelineTest {
  private static final int STEPS = 300;
  private static final Stages REFIT = new Stages(1, true, false);
  private static final Instant BEGIN = Instant.parse("2026-01-05T00:00:00Z");

  @Test
  void refittedModelHasLearnedFromTestPart() {
    TrainedModel trained = run(data(0), REFIT);
    TrainedModel changed = run(data(5), REFIT);

    assertThat(trained.isRefitted()).isTrue();
    assertThat(weights(changed)).isNotEqualTo(weights(trained));
    assertThat(weights(run(data(5), Stages.NONE))).isEqualTo(weights(run(data(0), Stages.NONE)));
  }

  @Test
  void measuredModelIsThatWithoutRefit() {
    TrainedModel kept = run(data(0), Stages.NONE);
    TrainedModel refitted = run(data(0), REFIT);

    assertThat(kept.isRefitted()).isFalse();
    assertThat(kept.model().version()).isEqualTo(refitted.measured().version());
    assertThat(refitted.model().version()).isNotEqualTo(kept.model().version());
    assertThat(refitted.scores()).isNotEmpty().isEqualTo(kept.scores());
    assertThat(refitted.model().specification().output().warmUpIntervals())
        .isEqualTo(kept.model().specification().output().warmUpIntervals());
  }

  @Test
  void recordsRangesAndEpochs() {
    TrainingRun run = run(data(0), REFIT).run();

    assertThat(run.ranges())
        .isEqualTo(new TrainingRun.Ranges(BEGIN, hour(210), hour(255), hour(STEPS)));
    assertThat(run.learnedUntil()).isEqualTo(hour(STEPS));
    assertThat(run.epochs()).hasSize(1).allMatch(epochs -> epochs <= 2);
    assertThat(run(data(0), Stages.NONE).run().learnedUntil()).isEqualTo(hour(255));
  }

  @Test
  void resumesFromCheckpointOfAnyStage() {
    byte[] expected = run(data(0), REFIT).file();
    List<byte[]> saved = new ArrayList<>();
    assertThat(run(data(0), store(Optional.empty(), saved)).file()).isEqualTo(expected);
    assertThat(saved).hasSizeGreaterThan(2);

    for (byte[] checkpoint : saved) {
      List<byte[]> further = new ArrayList<>();
      byte[] resumed = run(data(0), store(Optional.of(checkpoint), further)).file();
      assertThat(resumed).isEqualTo(expected);
      assertThat(further).hasSizeLessThan(saved.size());
    }
  }

  @Test
  void reportsStagesInOrder() {
    List<Stage> stages = new ArrayList<>();
    request(REFIT, CheckpointStore.NONE)
        .run(
            data(0),
            new TrainingListener() {
              @Override
              public void stageStarted(Stage stage) {
                stages.add(stage);
              }

              @Override
              public void updated(long done, long total, double loss) {
                assertThat(done).isBetween(1L, total);
              }

              @Override
              public void epochEnded(int epoch, double trainingLoss, double validationLoss) {}
            });

    assertThat(stages)
        .containsExactly(Stage.CHOICE, Stage.TRAINING, Stage.MEASUREMENT, Stage.REFIT);
  }

  @Test
  void comparesOnlyOnDataAfterServingVersionLearned() {
    TrainedModel serving = run(data(0), Stages.NONE);
    TrainedModel refitted = run(data(0), REFIT);

    assertThat(refitted.compareWith(serving.model()).servingError())
        .isEqualTo(refitted.compareWith(serving.model()).error());
    assertThatThrownBy(() -> serving.compareWith(refitted.model()))
        .hasMessageContaining("the serving version has learned from the test split");
  }

  private static TrainedModel run(Dataset data, Stages stages) {
    return request(stages, CheckpointStore.NONE).run(data, TrainingListener.NONE);
  }

  private static TrainedModel run(Dataset data, CheckpointStore store) {
    return request(REFIT, store).run(data, TrainingListener.NONE);
  }

  private static TrainingPipeline request(Stages stages, CheckpointStore store) {
    TrainingSchedule schedule =
        new AutomaticSchedule(
            new AutomaticSchedule.Length(2, null, true), AutomaticSchedule.Rates.DEFAULT, 1);
    return new TrainingPipeline(
        new TrainingRequest(ShortTraining.plan(3), schedule, stages, store, 1));
  }

  private static CheckpointStore store(Optional<byte[]> last, List<byte[]> saved) {
    return new CheckpointStore() {
      @Override
      public Optional<byte[]> last() {
        return last;
      }

      @Override
      public void save(byte[] checkpoint) {
        saved.add(checkpoint);
      }
    };
  }

  /** Returns a daily pattern whose test part is raised. */
  private static Dataset data(double raised) {
    long[] times = new long[STEPS];
    double[] values = new double[STEPS];
    SplittableRandom random = new SplittableRandom(1);
    for (int t = 0; t < STEPS; t++) {
      times[t] = hour(t).toEpochMilli();
      values[t] = 10 + t % 24 + random.nextDouble() + (t >= 255 ? raised : 0);
    }
    return new Dataset(List.of(new SeriesData("a", times, values)), "test");
  }

  private static Instant hour(int hours) {
    return BEGIN.plusSeconds(3600L * hours);
  }

  private static byte[] weights(TrainedModel trained) {
    byte[] file = trained.file();
    int headerBytes = (file[0] & 0xff) | ((file[1] & 0xff) << 8);
    return Arrays.copyOfRange(file, 8 + headerBytes, file.length);
  }
}
