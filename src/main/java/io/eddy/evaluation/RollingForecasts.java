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

/** The forecasts of a model from every origin of a stretch of time, as the stream makes them. */
final class RollingForecasts {
  private RollingForecasts() {}

  /** Takes one forecast. */
  interface Visitor {
    /**
     * A forecast.
     *
     * @param x the series' steps, NaN where nothing was measured; not modified
     * @param t the origin among them
     */
    void visit(Forecast forecast, double[] x, int t);
  }

  /**
   * Goes through the series from their begin, as a stream that always served the model.
   *
   * @param from first origin that counts, on the grid; those before only advance the state
   */
  static void forEach(Model model, Collection<SteppedSeries> series, long from, Visitor visitor) {
    StepFunction steps = new StepFunction();
    Sampling sampling = model.specification().sampling();
    for (SteppedSeries one : series) {
      SeriesState state = SeriesState.inMemory(model);
      double[] x = one.values();
      for (int t = 0; t < x.length; t++) {
        if (Double.isNaN(x[t])) {
          continue;
        }
        Observation observation =
            new Observation(
                one.name(),
                sampling.startMs(one.firstStep() + t),
                x[t],
                one.covariates().row(t),
                one.futureCovariates(t));
        StepResult result = steps.close(state, observation, model);
        if (one.firstStep() + t >= from && result instanceof StepResult.Advanced advanced) {
          visitor.visit(advanced.forecast(), x, t);
        }
      }
    }
  }

  /** The last step known at t that lies a whole number of seasons before t + j; may be below 0. */
  static int seasonBefore(int t, int j, int seasonSteps) {
    return t + j - seasonSteps * ((j + seasonSteps - 1) / seasonSteps);
  }
}
