package io.eddy.evaluation;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.Model;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import java.util.Collection;

/** Computes the forecasts of a model from every origin, as the stream makes them. */
final class RollingForecasts {
  private RollingForecasts() {}

  /** Receives forecasts. */
  interface Visitor {
    /**
     * Receives a forecast.
     *
     * @param x [T] values of the series' steps, NaN for a missing one; not modified
     * @param t index of the origin in x
     */
    void visit(Forecast forecast, double[] x, int t);
  }

  /**
   * Runs every series from its beginning under one version.
   *
   * @param from grid index of the first origin to visit; earlier steps only advance the state
   */
  static void forEach(Model model, Collection<SteppedSeries> series, long from, Visitor visitor) {
    StepFunction steps = new StepFunction();
    Sampling sampling = model.specification().sampling();
    for (SteppedSeries s : series) {
      SeriesState state = SeriesState.inMemory(model);
      double[] x = s.values();
      for (int t = 0; t < x.length; t++) {
        if (Double.isNaN(x[t])) {
          continue;
        }
        Observation observation =
            new Observation(
                s.name(),
                sampling.startMs(s.firstStep() + t),
                x[t],
                s.covariates().row(t),
                s.futureCovariates(t));
        StepResult result = steps.close(state, observation, model);
        if (s.firstStep() + t >= from && result instanceof StepResult.Advanced advanced) {
          visitor.visit(advanced.forecast(), x, t);
        }
      }
    }
  }

  /**
   * Returns the last step known at t that is a whole number of seasons before t + j; may be
   * negative.
   */
  static int seasonBefore(int t, int j, int seasonSteps) {
    return t + j - seasonSteps * ((j + seasonSteps - 1) / seasonSteps);
  }
}
