package io.eddy.training;

import io.eddy.model.ModelSpecification;
import io.eddy.series.Interval;
import java.util.List;

/** The season with which models are evaluated: that of seasonal naive and of MASE. */
public final class EvaluationSeason {
  private EvaluationSeason() {}

  /**
   * Returns the season of a model's baseline in steps or, without one, the shortest season of its
   * interval.
   */
  public static int of(ModelSpecification specification) {
    int season = specification.output().baseline().seasonSteps();
    return season > 0 ? season : of(specification.sampling().interval());
  }

  /** Returns the shortest season of an interval in steps, or 1 if it has none. */
  private static int of(Interval interval) {
    List<Integer> seasons = interval.seasons();
    return seasons.isEmpty() ? 1 : seasons.get(0);
  }
}
