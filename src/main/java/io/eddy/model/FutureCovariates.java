package io.eddy.model;

import io.eddy.series.Calendar;
import io.eddy.series.Sampling;

/**
 * What is known beforehand of a step ahead: the calendar covariates of its time, [C]. C is 0 for a
 * model without a calendar, and for a decoder that looks at none. Immutable and shared.
 */
public final class FutureCovariates {
  private final Sampling sampling;
  private final Calendar calendar;
  private final int size;

  public FutureCovariates(ModelSpecification specification) {
    sampling = specification.sampling();
    calendar = new Calendar(sampling.interval());
    boolean isWanted = specification.output().decoding().kind() == DecoderKind.STEPS;
    size = isWanted && specification.inputs().calendar() ? calendar.size() : 0;
  }

  /** C. */
  public int size() {
    return size;
  }

  /** Writes those of step {@code step} into {@code out} [C]. */
  public void write(long step, float[] out) {
    if (size > 0) {
      calendar.write(sampling.startMs(step), out, 0);
    }
  }
}
