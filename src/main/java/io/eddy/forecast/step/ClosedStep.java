package io.eddy.forecast.step;

import io.eddy.series.Covariates;
import io.eddy.series.Duplicates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Observation;
import io.eddy.series.OpenStep;
import io.eddy.series.Sampling;
import io.eddy.series.Window;

/**
 * One closed step.
 *
 * @param index on the sampling grid
 * @param covariates observed with the value
 * @param ahead future covariates known at this step
 */
record ClosedStep(
    long index, double value, boolean isImputed, Covariates covariates, FutureCovariates ahead) {
  /** Returns the step that a state's window holds {@code lag} steps before the last one. */
  static ClosedStep of(SeriesState state, int lag) {
    Window window = state.window();
    return new ClosedStep(
        state.lastStep() - lag,
        window.value(lag),
        window.isImputed(lag),
        window.covariates(lag),
        FutureCovariates.NONE);
  }

  /** Returns a step of a single observation. */
  static ClosedStep of(long index, Observation observation) {
    return new ClosedStep(
        index,
        observation.value(),
        false,
        observation.covariates(),
        observation.futureCovariates());
  }

  /** Closes an open step. */
  static ClosedStep of(OpenStep open, Sampling sampling, Duplicates duplicates) {
    OpenStep.Closed closed = open.closed(sampling.aggregation(), duplicates);
    return new ClosedStep(
        open.step(), closed.value(), false, closed.covariates(), closed.futureCovariates());
  }

  /** Returns a step without a measurement. */
  static ClosedStep imputed(long index, double value) {
    return new ClosedStep(index, value, true, Covariates.NONE, FutureCovariates.NONE);
  }
}
