package io.eddy.evaluation.combination;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.CombinationSpec;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.io.ModelFile;
import io.eddy.series.Observation;
import io.eddy.series.SteppedSeries;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Estimates the combination of a model with simple forecasts: their parameters on the training
 * part, prior weights and errors on the validation part, and then the width of the intervals on
 * forecasts of the combination for the validation part.
 *
 * <p>Large data are sampled: every n-th series, and of a long series the last steps.
 */
public final class CombinationEstimator {
  /** Maximum steps of the training part that parameters are selected on. */
  private static final int MAX_FIT_STEPS = 200_000;

  /** Maximum steps of the validation part that the model forecasts. */
  private static final int MAX_FORECASTS = 40_000;

  /** Maximum steps of the validation part that the combination forecasts. */
  private static final int MAX_COMBINED_FORECASTS = 20_000;

  private static final int MAX_SEASONS = 3;
  private static final int SEASONS_KNOWN = 2;

  private final Model model;
  private final ModelSpecification specification;
  private final Part part;
  private final StepFunction steps = new StepFunction();

  /**
   * The validation part.
   *
   * @param from grid index of the first step that was not used for training
   * @param end grid index after the last step to use
   */
  public record Part(long from, long end) {}

  private CombinationEstimator(Model model, Part part) {
    this.model = model;
    specification = model.specification();
    this.part = part;
  }

  /**
   * Estimates the combination of a model.
   *
   * @param model without a combination
   * @param seasons in steps; those that are longer than the model's context are left out
   * @param part the validation part; the steps before it are the training part
   * @return {@link CombinationSpec#NONE} for classes, or if a part is too short
   */
  public static CombinationSpec estimate(
      Model model, Collection<SteppedSeries> series, List<Integer> seasons, Part part) {
    if (model.specification().output().isClassification()) {
      return CombinationSpec.NONE;
    }
    return new CombinationEstimator(model, part).estimate(series, seasons);
  }

  private CombinationSpec estimate(Collection<SteppedSeries> series, List<Integer> seasons) {
    PriorFit prior = new PriorFit(model, components(series, seasons));
    int stride = stride(series.size(), series.size() * (part.end() - part.from()), MAX_FORECASTS);
    int index = 0;
    for (SteppedSeries s : series) {
      if (index++ % stride == 0) {
        add(s, prior);
      }
    }
    CombinationSpec combination = prior.combination();
    boolean hasIntervals = specification.output().quantileLevels().size() > 1;
    return combination.isNone() || !hasIntervals ? combination : withWidths(combination, series);
  }

  private CombinationSpec withWidths(
      CombinationSpec combination, Collection<SteppedSeries> series) {
    Model combined =
        ModelFile.of(
                model.members().stream()
                    .map(member -> member.withCombination(combination))
                    .toList())
            .model();
    WidthFit fit = new WidthFit(combined);
    long total = series.size() * (part.end() - part.from());
    int stride = stride(series.size(), total, MAX_COMBINED_FORECASTS);
    int index = 0;
    for (SteppedSeries s : series) {
      if (index++ % stride == 0) {
        int end = indexOf(s, part.end());
        forecast(s, combined, (t, forecast) -> fit.add(t, forecast, s.values(), end));
      }
    }
    return fit.combination();
  }

  /** Returns the simple forecasts with the best parameters on the training part. */
  private CombinationSpec components(Collection<SteppedSeries> series, List<Integer> seasons) {
    int longest = series.stream().mapToInt(s -> indexOf(s, part.from())).max().orElse(0);
    ParameterFit fit = new ParameterFit(model, usable(seasons, longest));
    long total = series.stream().mapToLong(s -> indexOf(s, part.from())).sum();
    int stride = stride(series.size(), total, MAX_FIT_STEPS);
    int index = 0;
    for (SteppedSeries s : series) {
      int end = indexOf(s, part.from());
      if (index++ % stride == 0) {
        fit.add(Arrays.copyOfRange(s.values(), Math.max(0, end - MAX_FIT_STEPS), end));
      }
    }
    return fit.best();
  }

  private List<Integer> usable(List<Integer> seasons, int longestSeries) {
    return seasons.stream()
        .filter(season -> season >= 2 && SEASONS_KNOWN * season <= longestSeries)
        .filter(season -> season <= specification.contextLength())
        .distinct()
        .sorted()
        .limit(MAX_SEASONS)
        .toList();
  }

  /** Returns n such that every n-th series together have about {@code max} steps at most. */
  private static int stride(int series, long steps, int max) {
    return (int) Math.max(1, Math.min(series, steps / max));
  }

  private static int indexOf(SteppedSeries series, long step) {
    return (int) Math.max(0, Math.min(series.size(), step - series.firstStep()));
  }

  private void add(SteppedSeries series, PriorFit prior) {
    int end = indexOf(series, part.end());
    PriorFit.SeriesForecasts forecasts = prior.of(series.values(), end);
    int[] observed = {Math.max(0, end - MAX_FIT_STEPS)};
    forecast(
        series,
        model,
        (t, forecast) -> {
          while (observed[0] <= t) {
            forecasts.observe(observed[0]++);
          }
          forecasts.add(t, forecast);
        });
  }

  /** Receives forecasts. */
  private interface ForecastSink {
    /**
     * Receives a forecast.
     *
     * @param t index of its origin
     */
    void accept(int t, Forecast forecast);
  }

  /** Forecasts the validation part of a series, from a cold start one context before it. */
  private void forecast(SteppedSeries series, Model model, ForecastSink sink) {
    int from = indexOf(series, part.from());
    int end = indexOf(series, part.end());
    SeriesState state = SeriesState.inMemory(model);
    int warmUp = Math.max(from - specification.contextLength(), Math.max(0, end - MAX_FIT_STEPS));
    for (int t = warmUp; t < end; t++) {
      if (!Double.isNaN(series.values()[t])) {
        StepResult result = steps.close(state, observation(series, t), model);
        Forecast forecast = result.forecasts().get(0).forecast();
        if (t >= from && forecast.isFinite()) {
          sink.accept(t, forecast);
        }
      }
    }
  }

  private Observation observation(SteppedSeries series, int t) {
    return new Observation(
        series.name(),
        specification.sampling().startMs(series.firstStep() + t),
        series.values()[t],
        series.covariates().row(t),
        series.futureCovariates(t));
  }
}
