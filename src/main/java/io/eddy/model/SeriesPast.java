package io.eddy.model;

import io.eddy.series.Covariates;
import io.eddy.series.Scaler;
import io.eddy.series.Window;
import java.util.List;

/**
 * The past of a series from which a model's inputs are computed: the window of last steps, level
 * and scale, and covariates.
 *
 * <p>Serving, training and backtests share it, so that a model sees the same inputs in all of them.
 * Used by one thread.
 */
public final class SeriesPast {
  private final Window window;
  private final Scaler scaler;
  private final CovariateState covariates;
  private final ExceptionCount exceptions;

  /** Number of values that contradict the bounds. */
  private static final class ExceptionCount {
    int count;
  }

  /** Creates a past without covariates. */
  public SeriesPast(Window window, Scaler scaler) {
    this(window, scaler, CovariateState.of(List.of()));
  }

  public SeriesPast(Window window, Scaler scaler, CovariateState covariates) {
    this(window, scaler, covariates, new ExceptionCount());
  }

  private SeriesPast(
      Window window, Scaler scaler, CovariateState covariates, ExceptionCount exceptions) {
    this.window = window;
    this.scaler = scaler;
    this.covariates = covariates;
    this.exceptions = exceptions;
  }

  /** Creates a past with a window and without statistics. */
  public static SeriesPast of(Window window, ModelSpecification specification) {
    return new SeriesPast(
        window, new Scaler(), CovariateState.of(specification.inputs().covariates()));
  }

  /** Returns a past with another window that shares everything else with this one. */
  public SeriesPast withWindow(Window window) {
    return new SeriesPast(window, scaler, covariates, exceptions);
  }

  /** Returns a past with another window and copies of everything else. */
  public SeriesPast copyWithWindow(Window window) {
    SeriesPast copy = new SeriesPast(window, scaler.copy(), covariates.copy());
    copy.exceptions.count = exceptions.count;
    return copy;
  }

  /** Resets everything but the window. */
  public void clear() {
    scaler.clear();
    covariates.clear();
    exceptions.count = 0;
  }

  public Window window() {
    return window;
  }

  public Scaler scaler() {
    return scaler;
  }

  public CovariateState covariates() {
    return covariates;
  }

  /** Appends the value of the next step, without covariates. */
  public void observe(double value, Scaling scaling) {
    observe(value, Covariates.NONE, scaling);
  }

  /** Appends the value of the next step with its covariates. */
  public void observe(double value, Covariates covariates, Scaling scaling) {
    update(value, covariates, scaling);
    window.append(value, false, covariates);
  }

  /**
   * Updates level, scale, unit and covariates, but not the window. If several pasts share a window,
   * each is updated before the value is appended to the window.
   */
  public void update(double value, Covariates covariates, Scaling scaling) {
    if (exceptions.count < Bounds.MAX_EXCEPTIONS && !scaling.bounds().contains(value)) {
      exceptions.count++;
    }
    double transformed = transformed(value, scaling);
    BaselineSpec baseline = scaling.baseline();
    boolean isSeasonal = baseline.seasonSteps() > 0 && baseline.isAvailable(window);
    double seasonal = isSeasonal ? seasonalNaive(1, scaling) : Double.NaN;
    if (scaling.errorSmoothing() > 0 && baseline.isAvailable(window)) {
      double naive = isSeasonal ? seasonal : transformed(window.value(0), scaling);
      scaler.updateError(transformed - naive, scaling.errorSmoothing());
    }
    if (scaling.transform() == Transform.LOG && !(value > 0)) {
      // Lies below the level by a constant, however far the level has fallen.
      scaler.update(transformed, scaling.smoothing());
    } else {
      scaler.follow(transformed, seasonal, baseline.seasonSteps(), scaling.smoothing());
    }
    this.covariates.observe(covariates, scaling.smoothing());
  }

  /** Returns the transformed value, before scaling. */
  public double transformed(double value, Scaling scaling) {
    return scaling.transform().apply(value, scaler);
  }

  /**
   * Returns the transformed value {@code lag} steps before the last one, made {@linkplain
   * Scaler#comparable comparable} with the last one.
   */
  public double transformedAt(int lag, Scaling scaling) {
    return scaler.comparable(transformed(window.value(lag), scaling), lag);
  }

  /**
   * Returns the transformed seasonal naive forecast of {@code step} steps after the last one, moved
   * by the shifts of the level since the value that it repeats.
   */
  double seasonalNaive(int step, Scaling scaling) {
    return transformedAt(scaling.baseline().seasonalLag(window, step), scaling);
  }

  /**
   * Returns the rate of counts: the level, plus the weight of one count, so that it is above 0 for
   * a series without any.
   */
  public double countRate(Scaling scaling) {
    return Math.max(0, scaler.level()) + scaling.smoothing();
  }

  /** Returns the bounds that apply to the series. */
  public Bounds bounds(Scaling scaling) {
    Bounds bounds = scaling.bounds();
    return exceptions.count < Bounds.MAX_EXCEPTIONS || bounds.isStated() ? bounds : Bounds.NONE;
  }

  /** Returns the number of values that contradict the bounds, as far as it is counted. */
  public int exceptions() {
    return exceptions.count;
  }

  /** Restores the number of {@link #exceptions}. */
  public void restoreExceptions(int exceptions) {
    this.exceptions.count = exceptions;
  }

  /** Returns the unit of the net's corrections, on the scale of the transformed values. */
  public double unit(Scaling scaling) {
    if (scaling.initialScale() > 0 && scaler.hasOneValue()) {
      return scaling.initialScale();
    }
    return scaling.errorSmoothing() > 0 ? scaler.error() : scaler.scale();
  }

  /** Returns the precision that forecasts from this past need. */
  public Precision precision(Scaling scaling) {
    double level = scaling.transform().invert(scaler.level());
    double unit = unit(scaling);
    return Precision.of(level, scaling.transform() == Transform.NONE ? unit : unit * level);
  }

  /** Appends an imputed value for a step without measurement. Level and scale do not change. */
  public void impute(double value) {
    updateMissing();
    window.append(value, true);
  }

  /** Adds a step without measurement to all but the window. */
  public void updateMissing() {
    scaler.skip();
    covariates.observe(Covariates.NONE, 0);
  }
}
