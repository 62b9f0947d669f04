package io.eddy.evaluation;

import io.eddy.admission.LatenessPolicy;
import io.eddy.engine.SeriesEngine;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.series.Observation;
import io.eddy.series.SteppedSeries;
import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.SeriesStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Computes the forecasts of the past from rolling origins, as the stream would have made them.
 * Every observation advances its series by the series engine, and a series' state migrates to the
 * serving version at its first event after a switch.
 */
public final class Backtest {
  /**
   * Maximum numbers in the buffered forecasts of one series. A series with more is run again when
   * its forecasts are consumed.
   */
  private static final long MAX_BUFFERED = 1 << 22;

  private final List<ModelSwitch> switches;
  private final Plan plan;
  private final long maxBuffered;
  private final ThreadLocal<SeriesEngine> engine =
      ThreadLocal.withInitial(() -> new SeriesEngine(LatenessPolicy.IN_ORDER));
  private final Accuracy accuracy;
  private final List<SeriesErrors> bySeries = new ArrayList<>();
  private long origins;

  /**
   * Options of a backtest.
   *
   * @param every steps between two measured origins, at least 1
   * @param seasonSteps m of {@link SeasonalNaiveError}, at least 1
   * @param baselines compared with the model
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
   * @param series name of the series
   * @param measures of every forecaster, the model first
   */
  public record SeriesErrors(String series, List<ErrorMeasures> measures) {}

  /**
   * One series to run.
   *
   * @param series the sampled values, which forecasts are compared with
   * @param from grid index of the first origin to measure; earlier steps only advance the state
   * @param observations of the series, in order of time; may end before the sampled values, whose
   *     last steps are then forecast but are no origins
   */
  public record Pass(SteppedSeries series, long from, Iterable<Observation> observations) {}

  /** The errors on one series. */
  private record SeriesResult(String series, Accuracy accuracy, long origins) {}

  /** A result with its measured forecasts; without both if the forecasts exceed the buffer. */
  private record BufferedResult(
      Pass pass, List<Forecast> forecasts, @Nullable SeriesResult result) {}

  /**
   * Creates a backtest.
   *
   * @param switches at least one version in the order of their times, all with the same sampling
   *     and output
   */
  public Backtest(List<ModelSwitch> switches, Plan plan) {
    this(switches, plan, MAX_BUFFERED);
  }

  /** Creates a backtest with another buffer size. */
  Backtest(List<ModelSwitch> switches, Plan plan, long maxBuffered) {
    this.switches = List.copyOf(switches);
    this.plan = plan;
    this.maxBuffered = maxBuffered;
    accuracy = newAccuracy();
  }

  private Accuracy newAccuracy() {
    ModelSpecification.Output output = switches.get(0).model().specification().output();
    return new Accuracy(Accuracy.names(plan.baselines()), output);
  }

  /**
   * Runs one series.
   *
   * @param sink receives every measured forecast
   * @throws IllegalArgumentException if an observation is rejected or a forecast is not finite
   */
  void run(Pass pass, Consumer<Forecast> sink) {
    add(measure(pass, sink));
  }

  /**
   * Runs several series in parallel, with the same result as one after the other.
   *
   * @param threads that process series
   * @throws IllegalArgumentException if an observation is rejected or a forecast is not finite
   */
  public void run(List<Pass> passes, int threads) {
    OrderedParallelExecutor.run(
        tasks(passes, pass -> measure(pass, forecast -> {})), threads, this::add);
  }

  /**
   * Runs several series in parallel and passes on their forecasts.
   *
   * @param threads that process series
   * @param sink receives every measured forecast, series by series, on the caller's thread
   * @throws IllegalArgumentException if an observation is rejected or a forecast is not finite
   */
  public void run(List<Pass> passes, int threads, Consumer<Forecast> sink) {
    if (threads == 1 || passes.size() == 1) {
      passes.forEach(pass -> run(pass, sink));
      return;
    }
    OrderedParallelExecutor.run(
        tasks(passes, this::measureBuffered),
        threads,
        buffered -> {
          buffered.forecasts().forEach(sink);
          SeriesResult result = buffered.result();
          add(result == null ? measure(buffered.pass(), sink) : result);
        });
  }

  private static <T> List<Callable<T>> tasks(List<Pass> passes, Function<Pass, T> work) {
    return passes.stream().map(pass -> (Callable<T>) () -> work.apply(pass)).toList();
  }

  private BufferedResult measureBuffered(Pass pass) {
    SteppedSeries series = pass.series();
    ModelSpecification.Output output = switches.get(0).model().specification().output();
    long stepsAfterFrom = series.firstStep() + series.size() - pass.from();
    long origins = Math.min(series.size(), stepsAfterFrom) / plan.every();
    if (origins * output.horizon() * output.valuesPerStep() > maxBuffered) {
      return new BufferedResult(pass, List.of(), null);
    }
    List<Forecast> forecasts = new ArrayList<>();
    return new BufferedResult(pass, forecasts, measure(pass, forecasts::add));
  }

  private SeriesResult measure(Pass pass, Consumer<Forecast> sink) {
    SteppedSeries series = pass.series();
    Accuracy seriesAccuracy = newAccuracy();
    Scorer scorer = new Scorer(series, plan.seasonSteps(), plan.baselines(), seriesAccuracy);
    SeriesStore store = new InMemorySeriesStore();
    long measuredOrigins = 0;
    int serving = 0;
    for (Observation observation : pass.observations()) {
      while (serving + 1 < switches.size()
          && switches.get(serving + 1).fromMs() <= observation.timestampMs()) {
        serving++;
      }
      Model model = switches.get(serving).model();
      StepResult result = engine.get().advance(store, observation, model, serving);
      if (result instanceof StepResult.Refused refused) {
        throw new IllegalArgumentException("series " + series.name() + ", " + refused.message());
      }
      for (StepResult.Advanced advanced : result.forecasts()) {
        Forecast forecast = advanced.forecast();
        if (isMeasured(forecast.origin(), pass.from())) {
          int t = (int) (forecast.originStep() - series.firstStep());
          measuredOrigins += scorer.add(forecast, t) ? 1 : 0;
          sink.accept(forecast);
        }
      }
    }
    return new SeriesResult(series.name(), seriesAccuracy, measuredOrigins);
  }

  private void add(SeriesResult result) {
    Accuracy seriesAccuracy = result.accuracy();
    accuracy.add(seriesAccuracy);
    origins += result.origins();
    bySeries.add(
        new SeriesErrors(
            result.series(),
            IntStream.range(0, seriesAccuracy.names().size())
                .mapToObj(seriesAccuracy::all)
                .toList()));
  }

  private boolean isMeasured(Forecast.Origin origin, long from) {
    long distance = origin.interval().stepOf(origin.timestampMs()) - from;
    return distance >= 0 && distance % plan.every() == 0;
  }

  /** Returns the number of forecasts with at least one measured step. */
  public long origins() {
    return origins;
  }

  /** Returns the errors over all series. */
  public Accuracy accuracy() {
    return accuracy;
  }

  /** Returns the errors by series, in the order in which they were run. */
  public List<SeriesErrors> bySeries() {
    return bySeries;
  }
}
