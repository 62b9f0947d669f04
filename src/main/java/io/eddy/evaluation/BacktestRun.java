package io.eddy.evaluation;

import io.eddy.dataset.SeriesData;
import io.eddy.forecast.Forecast;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.SeasonDetector;
import io.eddy.training.TimeSplit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** From observations and a model to its errors from rolling origins. */
public final class BacktestRun {
  private final Model model;
  private final Choice choice;
  private final List<SeriesData> data;
  private final List<SteppedSeries> series;
  private final long from;
  private final int season;

  private List<Retraining.Trained> versions = List.of();

  /**
   * What is measured.
   *
   * @param from first origin; null for the begin of the last 15 % of the data's time, which a
   *     training on the same data does not see
   * @param every steps between two origins
   * @param season steps of the season of seasonal naive and of MASE; null for the model's
   * @param names of the series that are measured, none for all; what is fitted sees all of them
   */
  public record Choice(
      @Nullable Instant from, int every, @Nullable Integer season, Set<String> names) {}

  /**
   * A run.
   *
   * @throws IllegalArgumentException where no forecast's whole horizon lies in the data
   */
  public BacktestRun(Model model, List<SeriesData> data, Choice choice) {
    Sampling sampling = model.specification().sampling();
    this.model = model;
    this.choice = choice;
    this.data = data;
    series = data.stream().map(one -> one.stepped(sampling)).toList();
    Instant first = choice.from();
    from =
        first == null
            ? TimeSplit.of(series).validationEnd()
            : sampling.stepOf(first.toEpochMilli() - 1) + 1;
    Integer given = choice.season();
    season = given == null ? SeasonDetector.seasonSteps(model.specification()) : given;
    requireHorizon();
  }

  /** Trains new versions first, which serve from their times on. */
  public void retrain(Retraining retraining, ProgressListener progress) {
    versions = retraining.versions(model, series, from, progress);
  }

  /**
   * Runs.
   *
   * @param threads that go through series at once; the result does not depend on it
   * @param sink is given every forecast that counts
   */
  public Backtest run(int threads, ProgressListener progress, Consumer<Forecast> sink) {
    List<ModelSwitch> rollouts = new ArrayList<>(List.of(new ModelSwitch(Long.MIN_VALUE, model)));
    versions.forEach(version -> rollouts.add(version.rollout()));
    Backtest backtest =
        new Backtest(
            rollouts,
            new Backtest.Plan(
                choice.every(),
                season,
                ReferenceForecasts.of(model.specification(), series, from, season)));
    long total = data.stream().filter(one -> isRun(one.name())).mapToLong(SeriesData::size).sum();
    ObservedPasses shown = new ObservedPasses(progress, total);
    List<Backtest.Pass> passes =
        IntStream.range(0, data.size())
            .filter(i -> isRun(data.get(i).name()))
            .mapToObj(i -> shown.of(series.get(i), from, data.get(i)))
            .toList();
    backtest.run(passes, threads, sink);
    return backtest;
  }

  private boolean isRun(String name) {
    return choice.names().isEmpty() || choice.names().contains(name);
  }

  /** Refuses data that end before the first forecast's horizon does. */
  private void requireHorizon() {
    ModelSpecification specification = model.specification();
    long longest = 0;
    for (SteppedSeries one : series) {
      if (isRun(one.name())) {
        long origin = Math.max(from, one.firstStep());
        longest = Math.max(longest, one.firstStep() + one.size() - 1 - origin);
      }
    }
    if (longest < specification.output().horizon()) {
      throw new IllegalArgumentException(
          "no origin: from %s on the data hold at most %d steps that follow, the model forecasts %d:"
                  .formatted(firstOrigin(), longest, specification.output().horizon())
              + " give an earlier --from, or more data");
    }
  }

  /** Begin of the first step that may be an origin. */
  public Instant firstOrigin() {
    return Instant.ofEpochMilli(model.specification().sampling().startMs(from));
  }

  public Model model() {
    return model;
  }

  /** m. */
  public int season() {
    return season;
  }

  /** What came of retraining. */
  public List<Retraining.Trained> versions() {
    return versions;
  }
}
