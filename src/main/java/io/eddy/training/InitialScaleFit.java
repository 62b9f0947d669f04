package io.eddy.training;

import io.eddy.model.Transform;
import io.eddy.series.Scaler;
import io.eddy.series.SteppedSeries;
import java.util.Collection;

/**
 * Estimates the scale of a series of which one value is known, for data whose level says nothing
 * about their variation, such as 1.7e9 ± 5: the mean absolute change per step. The smallest of all
 * such series counts, because a scale that is too small gives the last value as the forecast, but
 * one that is too large gives any value.
 */
final class InitialScaleFit {
  /** A level of more changes than that says nothing about the scale. */
  private static final double MAX_CHANGES = 1000;

  private static final double PLAIN_MEAN = Scaler.smoothing(1e6);

  private InitialScaleFit() {}

  /**
   * Returns the scale, in the unit of the transformed values; 0 if no series needs it.
   *
   * @param end grid index before which data may be read
   */
  static double of(Collection<SteppedSeries> series, Transform transform, long end) {
    return series.stream()
        .mapToDouble(s -> scale(s.before(end), transform))
        .filter(scale -> scale > 0)
        .min()
        .orElse(0);
  }

  private static double scale(SteppedSeries series, Transform transform) {
    Scaler scaler = new Scaler();
    double last = Double.NaN;
    double sum = 0;
    int count = 0;
    for (double value : series.values()) {
      if (!Double.isNaN(value)) {
        double transformed = transform.apply(value, scaler);
        scaler.update(transformed, PLAIN_MEAN);
        if (!Double.isNaN(last)) {
          sum += Math.abs(transformed - last);
          count++;
        }
        last = transformed;
      }
    }
    return count > 0 && Math.abs(scaler.level()) > MAX_CHANGES * (sum / count) ? sum / count : 0;
  }
}
