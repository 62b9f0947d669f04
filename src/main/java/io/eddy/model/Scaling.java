package io.eddy.model;

import io.eddy.series.Scaler;

/**
 * How a series' level, scale and unit are kept.
 *
 * @param smoothing α of level and scale
 * @param errorSmoothing α of the base forecast's error, which is then the unit of what the net
 *     corrects; 0 where that is the scale
 * @param baseline whose season's, or last, value the error is that of
 * @param transform of the values, before all that
 */
public record Scaling(
    double smoothing, double errorSmoothing, BaselineSpec baseline, Transform transform) {
  static Scaling of(ModelSpecification specification) {
    ModelSpecification.Inputs inputs = specification.inputs();
    return new Scaling(
        Scaler.smoothing(inputs.scalerHalfLife()),
        inputs.errorHalfLife() > 0 ? Scaler.smoothing(inputs.errorHalfLife()) : 0,
        specification.output().baseline(),
        inputs.transform());
  }
}
