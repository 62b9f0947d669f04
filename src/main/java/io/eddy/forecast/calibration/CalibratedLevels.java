package io.eddy.forecast.calibration;

import io.eddy.model.StandardQuantile;
import java.util.List;

/**
 * The levels of the quantiles that a calibration corrects. Its creation takes long: use one
 * instance per model.
 *
 * @param count K
 * @param median index of the level 0.5
 * @param width distance between the lowest and the highest quantile of a normal distribution, in
 *     mean absolute errors; infinite for the median alone
 */
public record CalibratedLevels(int count, int median, double width) {
  /** Standard deviations in a mean absolute error of a normal distribution: √(π/2). */
  private static final double DEVIATIONS = 1.2533141373155003;

  /**
   * Returns the levels of quantiles.
   *
   * @param levels ascending, 0.5 among them; or none
   */
  public static CalibratedLevels of(List<Double> levels) {
    if (levels.size() < 2) {
      return new CalibratedLevels(levels.size(), 0, Double.POSITIVE_INFINITY);
    }
    double lowest = StandardQuantile.gaussian(levels.get(0));
    double highest = StandardQuantile.gaussian(levels.get(levels.size() - 1));
    return new CalibratedLevels(
        levels.size(), levels.indexOf(0.5), DEVIATIONS * (highest - lowest));
  }
}
