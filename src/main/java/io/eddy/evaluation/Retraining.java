package io.eddy.evaluation;

import io.eddy.model.BuildVersion;
import io.eddy.model.Model;
import io.eddy.model.Provenance;
import io.eddy.model.TrainingRun;
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
 * Retrains a model periodically in event time: at the end of each period, continues the training of
 * the current version on the data before that time. The new version serves from then on.
 */
public final class Retraining {
  private final Duration every;
  private final TrainingSettings settings;
  private final int threads;
  private final Function<Collection<SteppedSeries>, TimeSplit> split;

  /**
   * Creates a retraining that stops early by the last 15 % of the data before each version.
   *
   * @param every event time between two versions
   * @param settings of each training
   * @param threads of each training; the result does not depend on them
   */
  public Retraining(Duration every, TrainingSettings settings, int threads) {
    this(every, settings, threads, TimeSplit::withoutTest);
  }

  /**
   * Creates a retraining.
   *
   * @param every event time between two versions
   * @param settings of each training
   * @param threads of each training; the result does not depend on them
   * @param split of the data before each version
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
   * A retrained version.
   *
   * @param activation the version and the time from which it serves
   * @param epochs it was trained for
   * @param validationLoss on the validation part of its data
   */
  public record Version(ModelSwitch activation, int epochs, double validationLoss) {}

  /**
   * Trains one version for each full period between the first origin and the end of the data.
   *
   * @param from grid index of the first origin
   * @throws IllegalArgumentException if the period is shorter than the model's interval
   */
  public List<Version> versions(
      Model first, List<SteppedSeries> series, long from, ProgressListener progress) {
    Sampling sampling = first.specification().sampling();
    if (every.compareTo(sampling.interval().meanLength()) < 0) {
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
    List<Version> versions = new ArrayList<>();
    Model model = first;
    for (int i = 1; i <= count; i++) {
      long timeMs = beginMs + i * every.toMillis();
      Version version = version(model, series, timeMs, reportTo(progress, i, count));
      versions.add(version);
      model = version.activation().model();
    }
    return versions;
  }

  private Version version(
      Model model, List<SteppedSeries> series, long timeMs, TrainingListener progress) {
    // The step that contains the time is not complete yet.
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
            Map.of(),
            new TrainingRun(
                TrainingRanges.of(model.specification().sampling(), past, split.apply(past)),
                result.bestEpochs(),
                false));
    Model trained = result.toFile(provenance).model();
    return new Version(new ModelSwitch(timeMs, trained), result.epochs(), result.validationLoss());
  }

  private static TrainingListener reportTo(ProgressListener progress, int index, int count) {
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
