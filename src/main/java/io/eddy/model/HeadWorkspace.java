package io.eddy.model;

import java.util.Arrays;

/** Scratch space of one thread for the forecasts of one head, whose weights stay as they are. */
public final class HeadWorkspace {
  /** A slot that belongs to no step. */
  static final long NONE = Long.MIN_VALUE;

  /** What is known ahead, as {@link CovariateState#writeFuture} has it, [(J + 1)·F]. */
  final float[] ahead;

  /** The same as a decoder is given it: of each step number and whether it is unknown, [J, 2·F]. */
  final float[] columns;

  /** Calendar covariates of one step. */
  final float[] calendar;

  /** What the calendar says of the steps ahead, each in slot step mod J, [M]. */
  final float[][] known;

  /** The step that each slot belongs to. */
  final long[] knownSteps;

  /** What calendar and covariates of the data together say of one step [M]. */
  final float[] knownSum;

  /** What the steps ahead have in common [M]. */
  final float[] shared;

  /** One step's units [M]. */
  final float[] units;

  /** One step's raw outputs [R]. */
  final float[] step;

  /** Raw outputs of all steps [J·R]. */
  final float[] raw;

  private final float[] forecast;

  HeadWorkspace(Decoder.Sizes sizes, int forecastSize) {
    ahead = new float[sizes.futureSize()];
    columns =
        new float[Decoder.FutureInputs.INPUTS * sizes.horizon() * sizes.futureInputs().columns()];
    calendar = new float[sizes.futureInputs().calendar()];
    known = new float[sizes.width() == 0 ? 0 : sizes.horizon()][sizes.width()];
    knownSteps = new long[known.length];
    Arrays.fill(knownSteps, NONE);
    knownSum = new float[sizes.futureInputs().columns() == 0 ? 0 : sizes.width()];
    shared = new float[sizes.width()];
    units = new float[sizes.width()];
    step = new float[sizes.width() == 0 ? 0 : sizes.rawPerStep()];
    raw = new float[sizes.rawSize()];
    forecast = new float[forecastSize];
  }

  /** Scaled forecast after {@link Head#apply}, [J·Q]; overwritten by the next. */
  public float[] forecast() {
    return forecast;
  }
}
