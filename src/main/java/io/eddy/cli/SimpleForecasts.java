package io.eddy.cli;

import io.eddy.evaluation.Baseline;
import io.eddy.model.ModelSpecification;
import io.eddy.series.SteppedSeries;
import io.eddy.training.LinearForecast;
import java.util.ArrayList;
import java.util.List;

/** What a model has to be better than: the last value, the season before, a linear model. */
final class SimpleForecasts {
  /** Name of the linear one. */
  static final String LINEAR = "linear";

  private static final int SHORTEST_LOOK_BACK = 24;
  private static final int LONGEST_LOOK_BACK = 672;

  private SimpleForecasts() {}

  /**
   * Naive, seasonal naive and, where there is enough to fit it to, the linear forecast of the last
   * season or of the last two horizons, whichever is longer, up to {@value #LONGEST_LOOK_BACK}
   * steps.
   *
   * @param from grid index before which the linear one may look at the data
   * @param season in steps, at least 1
   */
  static List<Baseline> of(
      ModelSpecification specification, List<SteppedSeries> series, long from, int season) {
    List<Baseline> baselines =
        new ArrayList<>(List.of(Baseline.naive(), Baseline.seasonalNaive(season)));
    int horizon = specification.output().horizon();
    int longer = Math.max(Math.max(season, 2 * horizon), SHORTEST_LOOK_BACK);
    LinearForecast.Sizes sizes =
        new LinearForecast.Sizes(Math.min(LONGEST_LOOK_BACK, longer), horizon);
    LinearForecast.fit(series, from, sizes)
        .ifPresent(linear -> baselines.add(new Baseline(LINEAR, linear::forecast)));
    return baselines;
  }
}
