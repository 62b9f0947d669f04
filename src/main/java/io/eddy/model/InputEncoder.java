package io.eddy.model;

import io.eddy.series.Calendar;
import io.eddy.series.Sampling;
import io.eddy.series.Window;
import java.util.Arrays;
import java.util.List;

/**
 * Encodes a series' past as the input of the net: float32 [D], in this order.
 *
 * <pre>
 *   P  scaled values, latest first: (z_{t−k} − level_t) / scale_t, 0 before the begin of the series
 *   1  whether the step was imputed
 *   2  with a season: (z_t − z_{t−m}) / unit_t, and whether x_{t−m} is known
 *   Σ  for each lag m, for each j from 1 to min(J, m), the scaled value z_{t+j−m}, 0
 *      before the begin of the series
 *   C  calendar covariates of the step's time
 *   2  for each covariate of the data: its scaled number, and whether it is missing
 * </pre>
 *
 * z is the transformed x, moved by the shifts of the level since then. Scaled values are clipped to
 * ±{@value #MAX_SCALED}, so that an outlier does not saturate the state. Classes are not scaled;
 * their encoding is
 *
 * <pre>
 *   P·K  for each of the last P steps, latest first, a 1 at its class
 *   1    whether the step was imputed
 *   K    with a seasonal baseline: a 1 at the class one season before the next step, x_{t+1−m}
 *   C    calendar covariates of the step's time
 *   2    for each covariate of the data, as above
 * </pre>
 *
 * A value that is not a class of the model, as the past of an earlier model may contain, has no 1.
 * Immutable and shared.
 */
public final class InputEncoder {
  private static final double MAX_SCALED = 20;

  private final int patch;
  private final int classes;
  private final int seasonSteps;
  private final int horizon;
  private final List<Integer> lags;
  private final Sampling sampling;
  private final Calendar calendar;
  private final boolean hasCalendar;
  private final Scaling scaling;
  private final int covariatesOffset;
  private final int size;

  public InputEncoder(ModelSpecification specification) {
    patch = specification.inputs().patch();
    classes = specification.output().classes();
    seasonSteps = specification.output().baseline().seasonSteps();
    horizon = specification.output().horizon();
    lags = specification.inputs().lags();
    sampling = specification.sampling();
    calendar = new Calendar(sampling.interval());
    hasCalendar = specification.inputs().calendar();
    scaling = Scaling.of(specification);
    int perValue = Math.max(1, classes);
    int seasonal = seasonSteps == 0 ? 0 : classes > 0 ? classes : 2;
    int lagged = lags.stream().mapToInt(lag -> Math.min(horizon, lag)).sum();
    covariatesOffset =
        patch * perValue + 1 + seasonal + lagged + (hasCalendar ? calendar.size() : 0);
    size = covariatesOffset + CovariateState.INPUTS * specification.inputs().covariates().size();
  }

  /** D: size of the input. */
  public int size() {
    return size;
  }

  /** Returns the parameters of level, scale and unit. */
  public Scaling scaling() {
    return scaling;
  }

  /**
   * Writes the input of the last step of a past into {@code out} [D], starting at {@code offset}.
   *
   * @param step index of the last step of {@code past}
   */
  public void encode(SeriesPast past, long step, float[] out, int offset) {
    int at =
        classes > 0 ? encodeClasses(past.window(), out, offset) : encodeValues(past, out, offset);
    if (hasCalendar) {
      calendar.write(sampling.localStartMs(step), out, at);
    }
    past.covariates().write(out, offset + covariatesOffset);
  }

  private int encodeValues(SeriesPast past, float[] out, int offset) {
    Window window = past.window();
    int at = offset;
    for (int k = 0; k < patch; k++) {
      out[at++] = scaled(past, k);
    }
    out[at++] = window.isImputed(0) ? 1 : 0;
    if (seasonSteps > 0) {
      boolean isKnown = seasonSteps < window.size();
      double change =
          isKnown ? past.transformedAt(0, scaling) - past.transformedAt(seasonSteps, scaling) : 0;
      out[at++] = clip(change / past.unit(scaling));
      out[at++] = isKnown ? 1 : 0;
    }
    for (int m : lags) {
      for (int j = 1; j <= Math.min(horizon, m); j++) {
        out[at++] = scaled(past, m - j);
      }
    }
    return at;
  }

  private float scaled(SeriesPast past, int lag) {
    if (lag >= past.window().size()) {
      return 0;
    }
    return clip((past.transformedAt(lag, scaling) - past.scaler().level()) / past.scaler().scale());
  }

  private int encodeClasses(Window window, float[] out, int offset) {
    int at = offset;
    for (int lag = 0; lag < patch; lag++) {
      at = encodeClass(window, lag, out, at);
    }
    out[at++] = window.isImputed(0) ? 1 : 0;
    return seasonSteps > 0 ? encodeClass(window, seasonSteps - 1, out, at) : at;
  }

  private int encodeClass(Window window, int lag, float[] out, int at) {
    Arrays.fill(out, at, at + classes, 0);
    double value = lag < window.size() ? window.value(lag) : -1;
    if (value >= 0 && value < classes) {
      out[at + (int) value] = 1;
    }
    return at + classes;
  }

  static float clip(double scaled) {
    return (float) Math.max(-MAX_SCALED, Math.min(MAX_SCALED, scaled));
  }
}
