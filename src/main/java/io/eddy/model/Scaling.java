package io.eddy.model;

import io.eddy.series.Scaler;

/**
 * Parameters of a series' level, scale and unit.
 *
 * @param smoothing α of level and scale
 * @param errorSmoothing α of the naive forecast's error, if it is the unit of the net's
 *     corrections; 0 if the scale is
 * @param baseline whose naive or seasonal naive forecast the error is of
 * @param transform applied to the values first
 * @param initialScale of a series of which one value is known; 0 for a tenth of the value
 * @param bounds possible values
 */
public record Scaling(
    double smoothing,
    double errorSmoothing,
    BaselineSpec baseline,
    Transform transform,
    double initialScale,
    Bounds bounds) {
  /** Creates parameters for any values. */
  public Scaling(
      double smoothing,
      double errorSmoothing,
      BaselineSpec baseline,
      Transform transform,
      double initialScale) {
    this(smoothing, errorSmoothing, baseline, transform, initialScale, Bounds.NONE);
  }

  static Scaling of(ModelSpecification specification) {
    ModelSpecification.Inputs inputs = specification.inputs();
    return new Scaling(
        Scaler.smoothing(inputs.scalerHalfLife()),
        inputs.errorHalfLife() > 0 ? Scaler.smoothing(inputs.errorHalfLife()) : 0,
        specification.output().baseline(),
        inputs.transform(),
        inputs.initialScale(),
        specification.output().bounds());
  }
}
