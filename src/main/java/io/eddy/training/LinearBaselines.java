package io.eddy.training;

import io.eddy.model.BaselineSpec;
import io.eddy.model.LinearBaseline;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Transform;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Linear baselines fitted so far, so that members and candidates with the same baseline share one
 * fit. All calls are for the same series.
 */
final class LinearBaselines {
  private final Map<Key, LinearBaseline> fitted = new HashMap<>();

  /** Everything that a fit depends on. */
  private record Key(
      BaselineSpec baseline,
      int horizon,
      Sampling sampling,
      int contextLength,
      List<Double> halfLives,
      Transform transform,
      long end) {
    static Key of(ModelSpecification specification, long end) {
      ModelSpecification.Inputs inputs = specification.inputs();
      return new Key(
          specification.output().baseline(),
          specification.output().horizon(),
          specification.sampling(),
          specification.contextLength(),
          List.of(inputs.scalerHalfLife(), inputs.errorHalfLife(), inputs.initialScale()),
          inputs.transform(),
          end);
    }
  }

  /**
   * Returns the baseline of a specification with a linear baseline.
   *
   * @param end grid index before which data may be read
   */
  LinearBaseline of(Collection<SteppedSeries> series, ModelSpecification specification, long end) {
    return fitted.computeIfAbsent(
        Key.of(specification, end), key -> LinearBaselineFit.of(series, specification, end));
  }
}
