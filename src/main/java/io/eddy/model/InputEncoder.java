package io.eddy.model;

import io.eddy.series.Calendar;
import io.eddy.series.Sampling;
import io.eddy.series.Scaler;
import io.eddy.series.Window;

/**
 * Makes the net's input of a series' past: float32 [D], in this order.
 *
 * <pre>
 *   P  scaled values, the last one first: (x_{t−k} − level_t) / scale_t, 0 before the series began
 *   1  whether the step was imputed
 *   2  with a seasonal base: (x_t − x_{t−m}) / scale_t, and whether x_{t−m} is known
 *   C  calendar covariates of the step's time
 * </pre>
 *
 * Scaled values are clipped to ±{@value #CLIP}, so that one absurd measurement cannot saturate the
 * state for long. Immutable and shared.
 */
public final class InputEncoder {
  private static final double CLIP = 20;

  private final int patch;
  private final int seasonSteps;
  private final Sampling sampling;
  private final Calendar calendar;
  private final boolean hasCalendar;
  private final double smoothing;
  private final int size;

  public InputEncoder(ModelSpecification specification) {
    patch = specification.inputs().patch();
    seasonSteps = specification.output().base().seasonSteps();
    sampling = specification.sampling();
    calendar = new Calendar(sampling.interval());
    hasCalendar = specification.inputs().calendar();
    smoothing = Scaler.smoothing(specification.inputs().scalerHalfLife());
    size = patch + 1 + (seasonSteps > 0 ? 2 : 0) + (hasCalendar ? calendar.size() : 0);
  }

  /** D. */
  public int size() {
    return size;
  }

  /** α of level and scale. */
  public double smoothing() {
    return smoothing;
  }

  /**
   * Writes the input of step {@code step}, the last of {@code past}, into {@code out} [D] from
   * {@code offset} on.
   */
  public void encode(SeriesPast past, long step, float[] out, int offset) {
    Window window = past.window();
    double level = past.scaler().level();
    double scale = past.scaler().scale();
    int known = Math.min(patch, window.size());
    for (int k = 0; k < known; k++) {
      out[offset + k] = clipped((window.value(k) - level) / scale);
    }
    for (int k = known; k < patch; k++) {
      out[offset + k] = 0;
    }
    int at = offset + patch;
    out[at++] = window.isImputed(0) ? 1 : 0;
    if (seasonSteps > 0) {
      boolean isKnown = seasonSteps < window.size();
      out[at++] = isKnown ? clipped((window.value(0) - window.value(seasonSteps)) / scale) : 0;
      out[at++] = isKnown ? 1 : 0;
    }
    if (hasCalendar) {
      calendar.write(sampling.startMs(step), out, at);
    }
  }

  private static float clipped(double scaled) {
    return (float) Math.max(-CLIP, Math.min(CLIP, scaled));
  }
}
