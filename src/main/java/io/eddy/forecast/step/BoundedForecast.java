package io.eddy.forecast.step;

import io.eddy.model.Bounds;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Precision;
import io.eddy.model.QuantileMean;
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
   * Applies the bounds of a series.
   *
   * @param values [J·Q]; modified
   * @param quantileMean of the output's levels
   * @return the means of the quantiles [J]; empty without quantiles
   */
  static double[] apply(
      double[] values,
      SeriesPast past,
      Scaling scaling,
      ModelSpecification.Output output,
      QuantileMean quantileMean) {
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
    // A transform makes values positive.
    Bounds range = scaling.transform() == Transform.LOG ? bounds.nonNegative() : bounds;
    double[] means = new double[output.horizon()];
    for (int j = 0; j < means.length; j++) {
      means[j] = precision.round(quantileMean.of(values, j * levels, range));
    }
    for (int k = 0; k < values.length && bounds.isInteger(); k++) {
      values[k] = bounds.round(values[k]);
    }
    return means;
  }
}
