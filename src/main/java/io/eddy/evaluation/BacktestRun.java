package io.eddy.evaluation;

import io.eddy.dataset.FutureCovariateCount;
import io.eddy.dataset.SeriesData;
import io.eddy.forecast.Forecast;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.TrainingRun;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.EvaluationSeason;
import io.eddy.training.TimeSplit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Runs a backtest of a model on observations, with retraining if requested. */
public final class BacktestRun {
  private final Model model;
  private final Choice choice;
  private final List<SeriesData> data;
  private final List<SteppedSeries> series;
  private final long from;
  private final int season;

  private List<Retraining.Version> versions = List.of();

  /**
   * Options of a backtest.
   *
   * @param from first origin; null for the default, see {@link BacktestRun#firstOrigin}
   * @param every steps between two origins
   * @param season season of seasonal naive and of MASE, in steps; null for the model's
   * @param names of the series to measure, empty for all; baselines are fitted to all series
   */
  public record Choice(
      @Nullable Instant from, int every, @Nullable Integer season, Set<String> names) {}

  /**
   * Creates a run.
   *
   * @throws IllegalArgumentException if the data do not cover the whole horizon of any forecast
   */
  public BacktestRun(Model model, List<SeriesData> data, Choice choice) {
    Sampling sampling = model.specification().sampling();
    this.model = model;
    this.choice = choice;
    this.data = data;
    series = data.stream().map(s -> s.stepped(sampling)).toList();
    Instant first = choice.from();
    from = first == null ? defaultFrom(model, series) : firstStepFrom(model, first);
    Integer given = choice.season();
    season = given == null ? EvaluationSeason.of(model.specification()) : given;
    requireHorizon();
  }

  /**
   * Returns the first step after the data that the model has learned from, if more than a horizon
   * follows it. Otherwise returns the start of the test part of its training if the data contain
   * it, or the start of the last 15 % of the data's time.
   */
  private static long defaultFrom(Model model, List<SteppedSeries> series) {
    TrainingRun run = model.specification().provenance().training();
    TimeSplit.Span span = TimeSplit.span(series);
    if (run == null) {
      return TimeSplit.of(series).validationEnd();
    }
    int horizon = model.specification().output().horizon();
    for (Instant time : List.of(run.learnedUntil(), run.ranges().validationEnd())) {
      long step = firstStepFrom(model, time);
      if (step > span.first() && step + horizon < span.end()) {
        return step;
      }
    }
    return TimeSplit.of(series).validationEnd();
  }

  private static long firstStepFrom(Model model, Instant time) {
    return model.specification().sampling().stepOf(time.toEpochMilli() - 1) + 1;
  }

  /**
   * Returns the time up to which the model has learned from data, if an origin lies before it.
   * Errors at such origins are lower than on new data. Empty if all origins lie after that time, or
   * if the model does not record it.
   */
  public Optional<Instant> learnedUntil() {
    TrainingRun run = model.specification().provenance().training();
    return Optional.ofNullable(run)
        .filter(known -> firstStepFrom(model, known.learnedUntil()) > from)
        .filter(known -> firstStepFrom(model, known.ranges().begin()) <= lastStep())
        .map(TrainingRun::learnedUntil);
  }

  /** Returns sentences about known-future covariates that are missing at the origins. */
  public List<String> missingFutureCovariates() {
    ModelSpecification specification = model.specification();
    FutureCovariateCount count =
        new FutureCovariateCount(
            specification.inputs().futureNames(), specification.output().horizon());
    series.stream()
        .filter(measured -> isMeasured(measured.name()))
        .forEach(measured -> addOrigins(measured, count));
    return count.describe();
  }

  private void addOrigins(SteppedSeries measured, FutureCovariateCount count) {
    for (int t = (int) Math.max(0, from - measured.firstStep()); t < measured.size(); t++) {
      if ((measured.firstStep() + t - from) % choice.every() == 0) {
        count.add(measured.futureCovariates(t), measured.size() - 1 - t);
      }
    }
  }

  private long lastStep() {
    return TimeSplit.span(series).end() - 1;
  }

  /** Trains new versions, which the backtest switches to at their times. */
  public void retrain(Retraining retraining, ProgressListener progress) {
    versions = retraining.versions(model, series, from, progress);
  }

  /**
   * Runs the backtest.
   *
   * @param threads that process series; the result does not depend on them
   * @param sink receives every measured forecast
   */
  public Backtest run(int threads, ProgressListener progress, Consumer<Forecast> sink) {
    List<ModelSwitch> switches = new ArrayList<>(List.of(new ModelSwitch(Long.MIN_VALUE, model)));
    versions.forEach(version -> switches.add(version.activation()));
    Backtest backtest =
        new Backtest(
            switches,
            new Backtest.Plan(
                choice.every(),
                season,
                ReferenceForecasts.of(model.specification(), series, from, season)));
    long total = data.stream().filter(s -> isMeasured(s.name())).mapToLong(SeriesData::size).sum();
    ObservedPasses observed = new ObservedPasses(progress, total);
    List<Backtest.Pass> passes =
        IntStream.range(0, data.size())
            .filter(i -> isMeasured(data.get(i).name()))
            .mapToObj(i -> observed.of(series.get(i), from, data.get(i)))
            .toList();
    backtest.run(passes, threads, sink);
    return backtest;
  }

  private boolean isMeasured(String name) {
    return choice.names().isEmpty() || choice.names().contains(name);
  }

  /** Rejects data that end before the first forecast's horizon. */
  private void requireHorizon() {
    ModelSpecification specification = model.specification();
    long longest = 0;
    for (SteppedSeries s : series) {
      if (isMeasured(s.name())) {
        long origin = Math.max(from, s.firstStep());
        longest = Math.max(longest, s.firstStep() + s.size() - 1 - origin);
      }
    }
    if (longest < specification.output().horizon()) {
      throw new IllegalArgumentException(
          "no origin: the data have at most %d steps after %s, the model forecasts %d steps;"
                  .formatted(longest, firstOrigin(), specification.output().horizon())
              + " choose an earlier first origin (--from) or add data");
    }
  }

  /** Returns the start of the first step that may be an origin. */
  public Instant firstOrigin() {
    return Instant.ofEpochMilli(model.specification().sampling().startMs(from));
  }

  public Model model() {
    return model;
  }

  /** Returns the season of seasonal naive and of MASE, in steps. */
  public int season() {
    return season;
  }

  /** Returns the versions that retraining produced. */
  public List<Retraining.Version> versions() {
    return versions;
  }
}
