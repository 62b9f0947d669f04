package io.eddy.evaluation;

import io.eddy.model.ModelSpecification;
import io.eddy.series.SteppedSeries;
import io.eddy.training.LinearReferenceForecast;
import java.util.ArrayList;
import java.util.List;

/** What a model has to be better than: the last value, the season before, a linear model. */
final class ReferenceForecasts {
  /** Name of the linear one. */
  static final String LINEAR = "linear";

  private static final int SHORTEST_LOOK_BACK = 24;
  private static final int LONGEST_LOOK_BACK = 672;

  private ReferenceForecasts() {}

  /**
   * Naive, seasonal naive and, where there is enough to fit it to, the linear forecast of the last
   * season or of the last two horizons, whichever is longer, up to {@value #LONGEST_LOOK_BACK}
   * steps.
   *
   * @param from grid index before which the linear one may look at the data
   * @param season in steps, at least 1
   */
  static List<ReferenceForecast> of(
      ModelSpecification specification, List<SteppedSeries> series, long from, int season) {
    List<ReferenceForecast> baselines =
        new ArrayList<>(
            List.of(ReferenceForecast.naive(), ReferenceForecast.seasonalNaive(season)));
    int horizon = specification.output().horizon();
    int longer = Math.max(Math.max(season, 2 * horizon), SHORTEST_LOOK_BACK);
    LinearReferenceForecast.Sizes sizes =
        new LinearReferenceForecast.Sizes(Math.min(LONGEST_LOOK_BACK, longer), horizon);
    LinearReferenceForecast.fit(series, from, sizes)
        .ifPresent(linear -> baselines.add(new ReferenceForecast(LINEAR, linear::forecast)));
    return baselines;
  }
}
