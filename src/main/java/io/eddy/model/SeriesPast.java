package io.eddy.model;

import io.eddy.series.Scaler;
import io.eddy.series.Window;

/**
 * What a model's input is made of: the last steps of a series, and its level and scale.
 *
 * <p>Serving, training and backtests advance it by the same call, so that a model serves what it
 * was trained on. Used by one thread.
 */
public final class SeriesPast {
  private final Window window;
  private final Scaler scaler;

  public SeriesPast(Window window, Scaler scaler) {
    this.window = window;
    this.scaler = scaler;
  }

  public Window window() {
    return window;
  }

  public Scaler scaler() {
    return scaler;
  }

  /** Takes the value measured in the next step. */
  public void observe(double value, Scaling scaling) {
    measure(value, scaling);
    window.append(value, false);
  }

  /**
   * The half of {@link #observe} that is this past's own where several share a window: the value
   * joins level, scale and unit. Each takes it so before the window does.
   */
  public void measure(double value, Scaling scaling) {
    double transformed = transformed(value, scaling);
    if (scaling.errorSmoothing() > 0 && scaling.base().isKnown(window)) {
      double repeated = transformed(scaling.base().at(window, 1), scaling);
      scaler.updateError(transformed - repeated, scaling.errorSmoothing());
    }
    scaler.update(transformed, scaling.smoothing());
  }

  /** The value as the net sees it, before it is scaled. */
  double transformed(double value, Scaling scaling) {
    return scaling.transform().apply(value, scaler);
  }

  /** What the net's correction is measured in, in the unit of the transformed values. */
  public double unit(Scaling scaling) {
    return scaling.errorSmoothing() > 0 ? scaler.error() : scaler.scale();
  }

  /**
   * Takes a step in which nothing was measured: it has the last value, and level and scale stay.
   */
  public void impute() {
    window.append(window.value(0), true);
  }
}
