package io.eddy.evaluation;

import io.eddy.model.ModelSpecification;
import io.eddy.series.SteppedSeries;
import io.eddy.training.LinearReferenceForecast;
import java.util.ArrayList;
import java.util.List;

/** Creates the baselines of an evaluation: naive, seasonal naive and linear. */
final class ReferenceForecasts {
  /** Name of the linear baseline. */
  static final String LINEAR = "linear";

  private static final int MIN_LOOK_BACK = 24;
  private static final int MAX_LOOK_BACK = 672;

  private ReferenceForecasts() {}

  /**
   * Returns the baselines. The linear baseline is absent if the data are too short to fit it; it
   * reads one season or two horizons, whichever is longer, at most {@value #MAX_LOOK_BACK} steps.
   *
   * @param from grid index of the first step that the linear baseline is not fitted to
   * @param season in steps, at least 1
   */
  static List<ReferenceForecast> of(
      ModelSpecification specification, List<SteppedSeries> series, long from, int season) {
    List<ReferenceForecast> baselines =
        new ArrayList<>(
            List.of(ReferenceForecast.naive(), ReferenceForecast.seasonalNaive(season)));
    int horizon = specification.output().horizon();
    int lookBack = Math.max(Math.max(season, 2 * horizon), MIN_LOOK_BACK);
    LinearReferenceForecast.Sizes sizes =
        new LinearReferenceForecast.Sizes(Math.min(MAX_LOOK_BACK, lookBack), horizon);
    LinearReferenceForecast.fit(series, from, sizes)
        .ifPresent(linear -> baselines.add(new ReferenceForecast(LINEAR, linear::forecast)));
    return baselines;
  }
}
