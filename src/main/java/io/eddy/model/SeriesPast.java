package io.eddy.model;

import io.eddy.series.Covariates;
import io.eddy.series.Scaler;
import io.eddy.series.Window;
import java.util.List;

/**
 * What a model's input is made of: the last steps of a series, its level and scale, and its
 * covariates.
 *
 * <p>Serving, training and backtests advance it by the same call, so that a model serves what it
 * was trained on. Used by one thread.
 */
public final class SeriesPast {
  private final Window window;
  private final Scaler scaler;
  private final CovariateState covariates;

  /** Of a model without covariates. */
  public SeriesPast(Window window, Scaler scaler) {
    this(window, scaler, CovariateState.of(List.of()));
  }

  public SeriesPast(Window window, Scaler scaler, CovariateState covariates) {
    this.window = window;
    this.scaler = scaler;
    this.covariates = covariates;
  }

  /** Nothing seen yet but what is in the window. */
  public static SeriesPast of(Window window, ModelSpecification specification) {
    return new SeriesPast(
        window, new Scaler(), CovariateState.of(specification.inputs().covariates()));
  }

  /** The same level, scale and covariates, which both share, over another window. */
  public SeriesPast withWindow(Window window) {
    return new SeriesPast(window, scaler, covariates);
  }

  /** The same level, scale and covariates, advanced apart, over another window. */
  public SeriesPast copyWithWindow(Window window) {
    return new SeriesPast(window, scaler.copy(), covariates.copy());
  }

  /** Back to before the first step, but for the window. */
  public void clear() {
    scaler.clear();
    covariates.clear();
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

  /** Takes the value measured in the next step, with which no covariates came. */
  public void observe(double value, Scaling scaling) {
    observe(value, Covariates.NONE, scaling);
  }

  /** Takes the value measured in the next step and what came with it. */
  public void observe(double value, Covariates covariates, Scaling scaling) {
    update(value, covariates, scaling);
    window.append(value, false, covariates);
  }

  /**
   * The half of {@link #observe} that is this past's own where several share a window: the value
   * joins level, scale and unit, and what came with it the covariates. Each takes it so before the
   * window does.
   */
  public void update(double value, Covariates covariates, Scaling scaling) {
    double transformed = transformed(value, scaling);
    if (scaling.errorSmoothing() > 0 && scaling.baseline().isAvailable(window)) {
      double repeated = transformed(scaling.baseline().seasonalNaive(window, 1), scaling);
      scaler.updateError(transformed - repeated, scaling.errorSmoothing());
    }
    scaler.update(transformed, scaling.smoothing());
    this.covariates.observe(covariates, scaling.smoothing());
  }

  /** The value as the net sees it, before it is scaled. */
  public double transformed(double value, Scaling scaling) {
    return scaling.transform().apply(value, scaler);
  }

  /** What the net's correction is measured in, in the unit of the transformed values. */
  public double unit(Scaling scaling) {
    return scaling.errorSmoothing() > 0 ? scaler.error() : scaler.scale();
  }

  /** Takes a step in which nothing was measured: level and scale stay. */
  public void impute(double value) {
    updateMissing();
    window.append(value, true);
  }

  /** The half of {@link #impute} that is this past's own where several share a window. */
  public void updateMissing() {
    covariates.observe(Covariates.NONE, 0);
  }
}
