package io.eddy.forecast.step;

import io.eddy.model.Bounds;
import io.eddy.model.MemberWorkspace;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Precision;
import io.eddy.model.Scaling;
import io.eddy.model.SeriesPast;
import io.eddy.model.Transform;

/**
 * The last step of a forecast: clips its values to the bounds of the series, computes the means,
 * and rounds quantiles of whole numbers. Means are not rounded.
 */
final class BoundedForecast {
  private static final double[] NO_MEANS = new double[0];

  private BoundedForecast() {}

  /**
   * Sets by how much the means of counts exceed those of their quantiles, which all may be 0 for
   * rare counts.
   *
   * @param values mean of the members' forecasts [J·Q]
   * @param scratch holds the members' means; modified
   */
  static void setExcess(double[] values, ModelSpecification.Output output, ModelScratch scratch) {
    for (int j = 0; j < scratch.excess.length; j++) {
      double sum = 0;
      for (MemberWorkspace member : scratch.members) {
        sum += member.means()[j];
      }
      scratch.excess[j] =
          sum / scratch.members.size()
              - scratch.quantileMean.of(
                  values, j * output.quantileLevels().size(), Bounds.NON_NEGATIVE);
    }
  }

  /**
   * Applies the bounds of a series.
   *
   * @param values [J·Q]; modified
   * @param scratch holds the excess of the means of counts
   * @return the means [J]; empty without quantiles
   */
  static double[] apply(
      double[] values,
      SeriesPast past,
      Scaling scaling,
      ModelSpecification.Output output,
      ModelScratch scratch) {
    if (output.isClassification()) {
      return NO_MEANS;
    }
    Bounds bounds = past.bounds(scaling);
    Precision precision = past.precision(scaling);
    for (int k = 0; k < values.length && !bounds.isNone(); k++) {
      values[k] = precision.round(bounds.clip(values[k]));
    }
    int levels = output.quantileLevels().size();
    if (levels == 0) {
      return NO_MEANS;
    }
    boolean isPositive = scaling.transform() == Transform.LOG || output.hasCounts();
    Bounds range = isPositive ? bounds.nonNegative() : bounds;
    double[] means = new double[output.horizon()];
    for (int j = 0; j < means.length; j++) {
      double mean = scratch.quantileMean.of(values, j * levels, range);
      mean = scratch.excess.length > 0 ? bounds.clip(mean + scratch.excess[j]) : mean;
      means[j] = precision.round(mean);
    }
    for (int k = 0; k < values.length && bounds.isInteger(); k++) {
      values[k] = bounds.round(values[k]);
    }
    return means;
  }
}
