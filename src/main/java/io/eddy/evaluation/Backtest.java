package io.eddy.evaluation;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.series.Observation;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Forecasts of the past from rolling origins, as the stream would have made them: every observation
 * goes once through the step function, and a state moves to the version that serves at its first
 * event from then on.
 */
public final class Backtest {
  /** Numbers of one series' forecasts that are kept till it is its turn; more of them are not. */
  private static final long MOST_KEPT = 1 << 22;

  private final List<ModelSwitch> rollouts;
  private final Plan plan;
  private final long mostKept;
  private final ThreadLocal<StepFunction> steps = ThreadLocal.withInitial(StepFunction::new);
  private final Accuracy accuracy;
  private final List<SeriesErrors> bySeries = new ArrayList<>();
  private long origins;

  /**
   * What is measured.
   *
   * @param every steps between two origins that count, at least 1
   * @param seasonSteps m of {@link SeasonalNaiveError}, at least 1
   * @param baselines held beside the model
   */
  public record Plan(int every, int seasonSteps, List<ReferenceForecast> baselines) {
    public Plan {
      if (every < 1 || seasonSteps < 1) {
        throw new IllegalArgumentException(
            "every, seasonSteps: expected at least 1, got %d and %d".formatted(every, seasonSteps));
      }
      baselines = List.copyOf(baselines);
    }
  }

  /**
   * Errors on one series over all steps ahead.
   *
   * @param series its name
   * @param measures of every forecaster, the model's first
   */
  public record SeriesErrors(String series, List<ErrorMeasures> measures) {}

  /**
   * One series to go through.
   *
   * @param series by steps
   * @param from first origin that counts, on the grid; those before only advance the state
   * @param observations of the same, in order of time; may end before the steps do, which are then
   *     forecast and no origins
   */
  public record Pass(SteppedSeries series, long from, Iterable<Observation> observations) {}

  /** What came of one series. */
  private record Passed(String series, Accuracy accuracy, long origins) {}

  /** The same with the forecasts that count; neither where they were too many to keep. */
  private record Kept(Pass pass, List<Forecast> forecasts, @Nullable Passed passed) {}

  /** Versions in the order in which they serve, all of one sampling and output; at least one. */
  public Backtest(List<ModelSwitch> rollouts, Plan plan) {
    this(rollouts, plan, MOST_KEPT);
  }

  /** The same with a limit of its own. */
  Backtest(List<ModelSwitch> rollouts, Plan plan, long mostKept) {
    this.rollouts = List.copyOf(rollouts);
    this.plan = plan;
    this.mostKept = mostKept;
    accuracy = newAccuracy();
  }

  private Accuracy newAccuracy() {
    ModelSpecification.Output output = rollouts.get(0).model().specification().output();
    return new Accuracy(Accuracy.names(plan.baselines()), output);
  }

  /**
   * Goes through one series.
   *
   * @param sink is given every forecast that counts
   * @throws IllegalArgumentException where an observation is refused or a forecast is not finite
   */
  void run(Pass pass, Consumer<Forecast> sink) {
    take(passed(pass, sink));
  }

  /**
   * Goes through several series, which gives what one after the other does.
   *
   * @param threads that go through series at once
   * @throws IllegalArgumentException where an observation is refused or a forecast is not finite
   */
  public void run(List<Pass> passes, int threads) {
    OrderedParallelExecutor.run(
        tasks(passes, pass -> passed(pass, forecast -> {})), threads, this::take);
  }

  /**
   * The same for who wants to see the forecasts.
   *
   * @param sink is given every forecast that counts, series by series, by the caller's thread
   */
  public void run(List<Pass> passes, int threads, Consumer<Forecast> sink) {
    if (threads == 1 || passes.size() == 1) {
      passes.forEach(pass -> run(pass, sink));
      return;
    }
    OrderedParallelExecutor.run(
        tasks(passes, this::kept),
        threads,
        kept -> {
          kept.forecasts().forEach(sink);
          take(kept.passed() == null ? passed(kept.pass(), sink) : kept.passed());
        });
  }

  private static <T> List<Callable<T>> tasks(List<Pass> passes, Function<Pass, T> work) {
    return passes.stream().map(pass -> (Callable<T>) () -> work.apply(pass)).toList();
  }

  private Kept kept(Pass pass) {
    SteppedSeries series = pass.series();
    ModelSpecification.Output output = rollouts.get(0).model().specification().output();
    long behind = series.firstStep() + series.size() - pass.from();
    long counted = Math.min(series.size(), behind) / plan.every();
    if (counted * output.horizon() * output.valuesPerStep() > mostKept) {
      return new Kept(pass, List.of(), null);
    }
    List<Forecast> forecasts = new ArrayList<>();
    return new Kept(pass, forecasts, passed(pass, forecasts::add));
  }

  private Passed passed(Pass pass, Consumer<Forecast> sink) {
    SteppedSeries series = pass.series();
    Accuracy ofSeries = newAccuracy();
    Scorer scorer = new Scorer(series, plan.seasonSteps(), plan.baselines(), ofSeries);
    SeriesState state = SeriesState.inMemory(rollouts.get(0).model());
    long met = 0;
    int serving = 0;
    for (Observation observation : pass.observations()) {
      while (serving + 1 < rollouts.size()
          && rollouts.get(serving + 1).fromMs() <= observation.timestampMs()) {
        serving++;
      }
      Model model = rollouts.get(serving).model();
      StepResult result = steps.get().apply(state, observation, model, serving);
      if (result instanceof StepResult.Refused refused) {
        throw new IllegalArgumentException("series " + series.name() + ", " + refused.message());
      }
      for (StepResult.Advanced advanced : result.forecasts()) {
        Forecast forecast = advanced.forecast();
        if (counts(forecast.origin(), pass.from())) {
          int t = (int) (step(forecast.origin()) - series.firstStep());
          met += scorer.add(forecast, t) ? 1 : 0;
          sink.accept(forecast);
        }
      }
    }
    return new Passed(series.name(), ofSeries, met);
  }

  private void take(Passed passed) {
    Accuracy ofSeries = passed.accuracy();
    accuracy.add(ofSeries);
    origins += passed.origins();
    bySeries.add(
        new SeriesErrors(
            passed.series(),
            IntStream.range(0, ofSeries.names().size()).mapToObj(ofSeries::all).toList()));
  }

  private boolean counts(Forecast.Origin origin, long from) {
    long after = step(origin) - from;
    return after >= 0 && after % plan.every() == 0;
  }

  private static long step(Forecast.Origin origin) {
    return Math.floorDiv(origin.timestampMs(), origin.intervalMs());
  }

  /** Forecasts that were met by at least one value. */
  public long origins() {
    return origins;
  }

  /** Errors over all series. */
  public Accuracy accuracy() {
    return accuracy;
  }

  /** Errors by series, in the order in which they were run. */
  public List<SeriesErrors> bySeries() {
    return bySeries;
  }
}
