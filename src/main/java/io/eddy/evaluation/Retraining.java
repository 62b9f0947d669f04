package io.eddy.evaluation;

import io.eddy.model.BuildVersion;
import io.eddy.model.Model;
import io.eddy.model.Provenance;
import io.eddy.model.TrainingRun;
import io.eddy.series.Interval;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.EnsembleTrainer;
import io.eddy.training.TimeSplit;
import io.eddy.training.TrainingListener;
import io.eddy.training.TrainingSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * Retrains a model periodically in event time: at the end of each period, continues the training of
 * the current version on the data before that time. The new version serves from then on.
 */
public final class Retraining {
  private final Interval every;
  private final TrainingSettings settings;
  private final int threads;
  private final Function<Collection<SteppedSeries>, TimeSplit> split;

  /**
   * Creates a retraining that stops early by the last 15 % of the data before each version.
   *
   * @param every period of event time between two versions, fixed or of a calendar
   * @param settings of each training
   * @param threads of each training; the result does not depend on them
   */
  public Retraining(Interval every, TrainingSettings settings, int threads) {
    this(every, settings, threads, TimeSplit::withoutTest);
  }

  /**
   * Creates a retraining.
   *
   * @param every period of event time between two versions, fixed or of a calendar
   * @param settings of each training
   * @param threads of each training; the result does not depend on them
   * @param split of the data before each version
   */
  public Retraining(
      Interval every,
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
    requireAtLeast(sampling.interval(), every);
    long beginMs = sampling.startMs(from);
    long lastMs =
        series.stream()
            .mapToLong(s -> sampling.startMs(s.firstStep() + s.size() - 1))
            .max()
            .orElse(beginMs);
    long[] times = times(beginMs, lastMs);
    List<Version> versions = new ArrayList<>();
    Model model = first;
    for (int i = 0; i < times.length; i++) {
      Version version = version(model, series, times[i], reportTo(progress, i + 1, times.length));
      versions.add(version);
      model = version.activation().model();
    }
    return versions;
  }

  /** Returns whether a retraining period is shorter than the interval of the model. */
  public static boolean isTooShort(Interval every, Interval interval) {
    return every.meanLength().compareTo(interval.meanLength()) < 0;
  }

  static void requireAtLeast(Interval interval, Interval every) {
    if (isTooShort(every, interval)) {
      throw new IllegalArgumentException(
          "retraining period: expected at least the model's interval of %s, got %s"
              .formatted(interval, every));
    }
  }

  /**
   * Returns the times of the versions: one for each full period after the first origin. On a
   * calendar they keep its distance from the start of the period, such as of the month.
   */
  long[] times(long beginMs, long lastMs) {
    long step = every.stepOf(beginMs);
    long offsetMs = beginMs - every.startMs(step);
    return LongStream.iterate(1, i -> i + 1)
        .map(i -> every.startMs(step + i) + offsetMs)
        .takeWhile(timeMs -> timeMs <= lastMs)
        .toArray();
  }

  private Version version(
      Model model, List<SteppedSeries> series, long timeMs, TrainingListener progress) {
    // The step that contains the time is not complete yet.
    long end = model.specification().sampling().stepOf(timeMs);
    List<SteppedSeries> past = series.stream().map(s -> s.before(end)).toList();
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
