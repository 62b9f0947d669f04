package io.eddy.model;

import io.eddy.series.Calendar;
import io.eddy.series.Sampling;

/**
 * Encodes the known-future covariates of a step ahead [C], in this order.
 *
 * <pre>
 *   calendar covariates of its time
 *   2  for each of the F known-future covariates of the data: its number, scaled by level and scale
 *      of the last step, and whether it is unknown; an unknown number is filled forward from the
 *      last known one, or 0 without one
 * </pre>
 *
 * C is 0 for a model without known-future covariates, and for the linear decoder. Immutable and
 * shared.
 */
public final class FutureCovariateEncoder {
  private final Sampling sampling;
  private final Calendar calendar;
  private final Decoder.FutureInputs sizes;

  public FutureCovariateEncoder(ModelSpecification specification) {
    sampling = specification.sampling();
    calendar = new Calendar(sampling.interval());
    boolean isUsed = specification.output().decoding().kind() == DecoderKind.STEPS;
    int columns =
        (int)
            specification.inputs().covariates().stream()
                .filter(covariate -> covariate.kind() == CovariateKind.FUTURE)
                .count();
    sizes =
        new Decoder.FutureInputs(
            isUsed && specification.inputs().calendar() ? calendar.size() : 0,
            isUsed ? columns : 0);
  }

  /** Returns the sizes of the encoding. */
  public Decoder.FutureInputs sizes() {
    return sizes;
  }

  /**
   * Fills unknown numbers forward from the last known ones.
   *
   * @param future from {@link CovariateState#writeFuture} [(J + 1)·F]; not modified
   * @param columns set to number and whether it is unknown [J, 2·F]; modified
   */
  public void fillForward(float[] future, float[] columns) {
    int count = sizes.columns();
    for (int f = 0; f < count; f++) {
      float last = Float.isNaN(future[f]) ? 0 : future[f];
      for (int at = f; at + count < future.length; at += count) {
        float number = future[at + count];
        boolean isUnknown = Float.isNaN(number);
        last = isUnknown ? last : number;
        columns[Decoder.FutureInputs.INPUTS * at] = last;
        columns[Decoder.FutureInputs.INPUTS * at + 1] = isUnknown ? 1 : 0;
      }
    }
  }

  /** Writes the calendar covariates of a step into {@code out}. */
  public void writeCalendar(long step, float[] out) {
    if (sizes.calendar() > 0) {
      calendar.write(sampling.localStartMs(step), out, 0);
    }
  }
}
