package io.eddy.model;

import io.eddy.series.Calendar;
import io.eddy.series.Sampling;

/**
 * What is known beforehand of a step ahead [C], in this order.
 *
 * <pre>
 *   calendar covariates of its time
 *   2  for each of the F covariates of the data that are known ahead: its number, scaled by the
 *      level and scale of the last step, and whether it is unknown; the last one known, of this
 *      step or of one before it, then stands in for it, or 0 where none is
 * </pre>
 *
 * C is 0 for a model with neither, and for a decoder that looks at none. Immutable and shared.
 */
public final class FutureCovariateEncoder {
  private final Sampling sampling;
  private final Calendar calendar;
  private final Decoder.FutureInputs sizes;

  public FutureCovariateEncoder(ModelSpecification specification) {
    sampling = specification.sampling();
    calendar = new Calendar(sampling.interval());
    boolean isWanted = specification.output().decoding().kind() == DecoderKind.STEPS;
    int columns =
        (int)
            specification.inputs().covariates().stream()
                .filter(covariate -> covariate.kind() == CovariateKind.FUTURE)
                .count();
    sizes =
        new Decoder.FutureInputs(
            isWanted && specification.inputs().calendar() ? calendar.size() : 0,
            isWanted ? columns : 0);
  }

  /** What it is made of. */
  public Decoder.FutureInputs sizes() {
    return sizes;
  }

  /**
   * Makes the decoder's inputs of what is known ahead: where a number is unknown the last one holds
   * on.
   *
   * @param ahead as {@link CovariateState#writeFuture} has it [(J + 1)·F]; not modified
   * @param columns for each step number and whether it is unknown, [J, 2·F]; modified
   */
  public void fillForward(float[] ahead, float[] columns) {
    int count = sizes.columns();
    for (int f = 0; f < count; f++) {
      float held = Float.isNaN(ahead[f]) ? 0 : ahead[f];
      for (int at = f; at + count < ahead.length; at += count) {
        float number = ahead[at + count];
        boolean isUnknown = Float.isNaN(number);
        held = isUnknown ? held : number;
        columns[Decoder.FutureInputs.INPUTS * at] = held;
        columns[Decoder.FutureInputs.INPUTS * at + 1] = isUnknown ? 1 : 0;
      }
    }
  }

  /** Writes the calendar covariates of step {@code step} into {@code out}. */
  public void writeCalendar(long step, float[] out) {
    if (sizes.calendar() > 0) {
      calendar.write(sampling.startMs(step), out, 0);
    }
  }
}
