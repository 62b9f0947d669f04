package io.eddy.forecast.step;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.ForecastQuality;
import io.eddy.forecast.Score;
import io.eddy.forecast.score.PendingForecast;
import io.eddy.forecast.score.PendingForecastSlot;
import io.eddy.model.BaselineSpec;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Precision;
import io.eddy.model.Scaling;
import io.eddy.model.SeriesPast;
import io.eddy.model.Transform;
import io.eddy.series.CoprimeSteps;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Sampling;
import io.eddy.series.Scaler;
import io.eddy.series.Window;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Forecasts from an advanced state, and scores the pending forecast once its horizon has passed.
 *
 * <p>The forecast of a model with several members is the mean of theirs in the series' own unit,
 * value by value: quantiles level by level (R. Ratcliff, Group reaction time distributions, 1979),
 * so they cross as little as the members' do, and probabilities class by class. The sums are
 * float64, in the order of the members.
 */
final class StepForecaster {
  private static final double MAX_SCALES = 1000;

  private StepForecaster() {}

  /**
   * The point that a forecast is made from.
   *
   * @param steps advanced by the last step
   * @param lastStep index of that step
   */
  record Origin(MemberSteps steps, long lastStep) {
    Window window() {
      return steps.window();
    }

    SeriesPast firstPast() {
      return steps.members().get(0).past();
    }
  }

  /**
   * Forecasts from a state's last step.
   *
   * @param state modified: its pending forecast and calibration
   * @param steps the state's window and members
   * @param scratch holds the members' outputs after the last step
   */
  static StepResult.Advanced forecast(
      SeriesState state, MemberSteps steps, String series, Model model, ModelScratch scratch) {
    Origin origin = new Origin(steps, state.lastStep());
    Matured matured = isDue(state, origin) ? mature(state, origin, model) : Matured.NONE;
    Forecast forecast = forecast(state, origin, series, model, scratch);
    if (state.pendingForecast().accepts(forecast.origin())) {
      PendingForecast.Baselines baselines = baselines(origin, model, scratch);
      schedule(state, origin, new PendingForecast(forecast, baselines, matured.known()), model);
    }
    return new StepResult.Advanced(forecast, matured.score(), List.of());
  }

  /**
   * Makes an unpublished forecast where a cold start would have kept its forecast to learn from, so
   * that a rebuilt state has the combination and the calibration of a cold start.
   *
   * @param state modified: its pending forecast, combination and calibration
   * @param origin in the replayed window
   */
  static void replay(SeriesState state, Origin origin, Model model, ModelScratch scratch) {
    Matured matured = isDue(state, origin) ? mature(state, origin, model) : Matured.NONE;
    boolean isPending =
        model.specification().output().isCalibrated() && state.pendingForecast().isEmpty();
    if (!isPending && !scratch.combination.isScored(origin.lastStep())) {
      return;
    }
    origin.steps().setFutureCovariates(FutureCovariates.NONE, scratch);
    Forecast forecast = forecast(state, origin, "", model, scratch);
    if (isPending) {
      PendingForecast pending =
          new PendingForecast(forecast, baselines(origin, model, scratch), matured.known());
      schedule(state, origin, pending.unpublished(), model);
    }
  }

  private static Forecast forecast(
      SeriesState state, Origin origin, String series, Model model, ModelScratch scratch) {
    ModelSpecification specification = model.specification();
    ModelSpecification.Output output = specification.output();
    Values values = values(state, origin, model, scratch);
    scratch.combination.schedule(state.combination(), origin.lastStep(), origin.firstPast());
    Sampling sampling = specification.sampling();
    int context = specification.contextLength();
    int warm = Math.min(origin.window().size(), context);
    return new Forecast(
            new Forecast.Origin(
                series,
                sampling.startMs(origin.lastStep()),
                sampling.interval(),
                state.served(),
                warm == context,
                new ForecastQuality(context, warm, 0, false)),
            output.quantileLevels(),
            output.classes(),
            values.values,
            values.means)
        .withMainComponents(scratch.combination.mainComponents());
  }

  /** The values of a forecast [J·Q], and their means [J], which are empty without quantiles. */
  static final class Values {
    final double[] values;
    final double[] means;

    private Values(double[] values, double[] means) {
      this.values = values;
      this.means = means;
    }
  }

  /**
   * Returns the mean of the members' forecasts, widened during warm-up, combined with simple
   * forecasts, calibrated, and within the bounds of the series.
   */
  static Values values(SeriesState state, Origin origin, Model model, ModelScratch scratch) {
    ModelSpecification specification = model.specification();
    ModelSpecification.Output output = specification.output();
    SeriesPast past = origin.firstPast();
    Scaling scaling = model.member(0).encoder().scaling();
    double[] values = mean(origin, model, scratch);
    BoundedForecast.setExcess(values, output, scratch);
    if (!output.warmUpIntervals().isNone()
        && origin.window().size() < specification.contextLength()) {
      output.warmUpIntervals().widen(values, output.quantileLevels(), past, scaling);
    }
    if (!scratch.combination.isNone()) {
      scratch.combination.combine(state.combination(), past, values);
      for (int j = 0; j < scratch.excess.length; j++) {
        scratch.excess[j] *= scratch.combination.netWeight(j + 1);
      }
    }
    if (output.isCalibrated()) {
      state
          .calibration()
          .correct(values, scratch.calibratedLevels, scaling.transform(), past.precision(scaling));
    }
    return new Values(values, BoundedForecast.apply(values, past, scaling, output, scratch));
  }

  private static double[] mean(Origin origin, Model model, ModelScratch scratch) {
    double[] values = new double[scratch.sums.length];
    int members = origin.steps().members().size();
    for (int i = 0; i < members; i++) {
      SeriesPast past = origin.steps().members().get(i).past();
      scratch.members.get(i).forecast(past, origin.lastStep(), values);
      if (members > 1) {
        for (int k = 0; k < values.length; k++) {
          scratch.sums[k] = i == 0 ? values[k] : scratch.sums[k] + values[k];
        }
      }
    }
    if (members > 1) {
      boolean isClassification = model.specification().output().isClassification();
      Precision precision =
          isClassification
              ? Precision.FLOAT32
              : origin.firstPast().precision(model.member(0).encoder().scaling());
      for (int k = 0; k < values.length; k++) {
        values[k] = precision.round(scratch.sums[k] / members);
      }
    }
    return values;
  }

  /** Returns the first member's baseline and seasonal naive, in the series' own unit. */
  private static PendingForecast.Baselines baselines(
      Origin origin, Model model, ModelScratch scratch) {
    ModelSpecification specification = model.specification();
    double[] transformed = scratch.members.get(0).baseline();
    Transform transform = specification.inputs().transform();
    double[] baseline = new double[specification.output().horizon()];
    for (int step = 0; step < baseline.length; step++) {
      baseline[step] = transform.invert(transformed[step]);
    }
    BaselineSpec spec = specification.output().baseline();
    return new PendingForecast.Baselines(baseline, naive(origin.window(), spec, baseline.length));
  }

  /** Returns the value one season before each step ahead, or the last one. */
  private static double[] naive(Window window, BaselineSpec spec, int horizon) {
    double[] naive = new double[horizon];
    for (int j = 0; j < horizon; j++) {
      naive[j] = spec.seasonalNaive(window, j + 1);
    }
    return naive;
  }

  private static boolean isDue(SeriesState state, Origin origin) {
    PendingForecastSlot slot = state.pendingForecast();
    return !slot.isEmpty() && origin.lastStep() >= slot.dueStep();
  }

  /**
   * A pending forecast whose horizon has passed.
   *
   * @param score null if the forecast was never published
   * @param known error of seasonal naive so far
   */
  private record Matured(@Nullable Score score, PendingForecast.NaiveError known) {
    static final Matured NONE = new Matured(null, PendingForecast.NaiveError.NONE);
  }

  /** Scores the pending forecast, updates the calibration and empties the slot. */
  private static Matured mature(SeriesState state, Origin origin, Model model) {
    PendingForecast pending = state.pendingForecast().pending();
    state.pendingForecast().clear();
    if (pending == null) {
      return Matured.NONE;
    }
    double[] actual = actual(origin, pending.forecast());
    ModelSpecification.Output output = model.specification().output();
    if (output.isCalibrated() && !isFarOff(pending.forecast(), origin.firstPast().scaler())) {
      SeriesPast first = origin.firstPast();
      Scaling scaling = model.member(0).encoder().scaling();
      state
          .calibration()
          .learn(
              pending.forecast(),
              actual,
              output.calibrationRate(),
              value -> first.transformed(value, scaling));
    }
    return pending.isPublished()
        ? new Matured(pending.score(actual), pending.knownAfter(actual))
        : new Matured(null, pending.known());
  }

  /**
   * Returns whether a forecast from a single value took its scale from a level that turned out to
   * say nothing about the scale.
   */
  private static boolean isFarOff(Forecast forecast, Scaler scaler) {
    return forecast.origin().quality().warmSteps() == 1
        && Math.abs(scaler.level()) > MAX_SCALES * scaler.scale();
  }

  private static void schedule(
      SeriesState state, Origin origin, PendingForecast pending, Model model) {
    long dueStep = origin.lastStep() + stepsBetweenScores(model.specification());
    state.pendingForecast().schedule(pending, dueStep);
  }

  /**
   * Returns the steps from one scored forecast to the next: the horizon, or the next larger number
   * that is coprime to the season, so that every step ahead is scored at every time of the season.
   */
  private static int stepsBetweenScores(ModelSpecification specification) {
    int horizon = specification.output().horizon();
    int season = specification.output().baseline().seasonSteps();
    int steps = season > 0 ? CoprimeSteps.atLeast(horizon, season) : horizon;
    return steps > specification.contextLength() ? horizon : steps;
  }

  /** Returns the values measured in a forecast's steps [J], NaN where nothing was measured. */
  private static double[] actual(Origin origin, Forecast forecast) {
    Window window = origin.window();
    long first = forecast.originStep() + 1;
    double[] actual = new double[forecast.horizon()];
    for (int step = 0; step < actual.length; step++) {
      long lag = origin.lastStep() - (first + step);
      boolean isMeasured = lag < window.size() && !window.isImputed((int) lag);
      actual[step] = isMeasured ? window.value((int) lag) : Double.NaN;
    }
    return actual;
  }
}
