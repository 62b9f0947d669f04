package io.eddy.evaluation;

import io.eddy.model.BuildVersion;
import io.eddy.model.Model;
import io.eddy.model.Provenance;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.EnsembleTrainer;
import io.eddy.training.TimeSplit;
import io.eddy.training.TrainingListener;
import io.eddy.training.TrainingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * New weights as time goes on: at each of a row of event times the version that serves is trained
 * on, on what came before that time alone, and serves from there.
 */
public final class Retraining {
  private final Duration every;
  private final TrainingSettings settings;
  private final int threads;
  private final Function<Collection<SteppedSeries>, TimeSplit> split;

  /**
   * Retraining that stops early by the last 15 % of what came before.
   *
   * @param every event time between two versions
   * @param settings of each training
   * @param threads that each training uses; the result does not depend on it
   */
  public Retraining(Duration every, TrainingSettings settings, int threads) {
    this(every, settings, threads, TimeSplit::withoutTest);
  }

  /**
   * Retraining.
   *
   * @param every event time between two versions
   * @param settings of each training
   * @param threads that each training uses; the result does not depend on it
   * @param split of what came before
   */
  public Retraining(
      Duration every,
      TrainingSettings settings,
      int threads,
      Function<Collection<SteppedSeries>, TimeSplit> split) {
    this.every = every;
    this.settings = settings;
    this.threads = threads;
    this.split = split;
  }

  /**
   * A version that came of it.
   *
   * @param rollout from when it serves
   * @param epochs that it was trained for
   * @param validationLoss on the last part of what came before
   */
  public record Trained(ModelSwitch rollout, int epochs, double validationLoss) {}

  /**
   * The versions, one for each full period between the first origin and the end of the data.
   *
   * @param from the first origin, on the grid
   */
  public List<Trained> versions(
      Model first, List<SteppedSeries> series, long from, ProgressListener progress) {
    Sampling sampling = first.specification().sampling();
    if (every.compareTo(sampling.interval()) < 0) {
      throw new IllegalArgumentException(
          "retraining period: expected at least the interval of %s, got %s"
              .formatted(sampling.interval(), every));
    }
    long beginMs = sampling.startMs(from);
    long lastMs =
        series.stream()
            .mapToLong(one -> sampling.startMs(one.firstStep() + one.size() - 1))
            .max()
            .orElse(beginMs);
    int count = (int) ((lastMs - beginMs) / every.toMillis());
    List<Trained> versions = new ArrayList<>();
    Model model = first;
    for (int i = 1; i <= count; i++) {
      long timeMs = beginMs + i * every.toMillis();
      Trained version = version(model, series, timeMs, shown(progress, i, count));
      versions.add(version);
      model = version.rollout().model();
    }
    return versions;
  }

  private Trained version(
      Model model, List<SteppedSeries> series, long timeMs, TrainingListener progress) {
    // The step that holds the time is not over yet.
    long end = model.specification().sampling().stepOf(timeMs);
    List<SteppedSeries> past = series.stream().map(one -> one.before(end)).toList();
    EnsembleTrainer.Result result =
        EnsembleTrainer.forModel(model, settings, threads)
            .train(past, split.apply(past), progress, model);
    Provenance provenance =
        new Provenance(
            "trained on from %s, up to %s"
                .formatted(model.version().shortSha(), Instant.ofEpochMilli(timeMs)),
            settings.seed(),
            BuildVersion.number(),
            Map.of());
    Model trained = result.toFile(provenance).model();
    return new Trained(new ModelSwitch(timeMs, trained), result.epochs(), result.validationLoss());
  }

  private static TrainingListener shown(ProgressListener progress, int index, int count) {
    return new TrainingListener() {
      @Override
      public void updated(long done, long total, double loss) {
        progress.progress(
            (index - 1) * total + done, count * total, "version %d of %d".formatted(index, count));
      }

      @Override
      public void epochEnded(int epoch, double trainingLoss, double validationLoss) {}
    };
  }
}
