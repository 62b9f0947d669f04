package io.eddy.model;

import java.util.Arrays;

/** Scratch space for forecasts of one head with constant weights. Used by one thread. */
public final class HeadWorkspace {
  /** Marks an empty slot. */
  static final long NONE = Long.MIN_VALUE;

  /** Known-future covariates of the data, from {@link CovariateState#writeFuture} [(J + 1)·F]. */
  final float[] future;

  /** The same after {@link FutureCovariateEncoder#fillForward} [J, 2·F]. */
  final float[] columns;

  /** Calendar covariates of one step. */
  final float[] calendar;

  /** Calendar's part of W_c c of the steps ahead, each in slot step mod J [J, M]. */
  final float[][] known;

  /** Step of each slot [J]. */
  final long[] knownSteps;

  /** W_c c of one step [M]. */
  final float[] knownSum;

  /** W_h h + b, shared by all steps ahead [M]. */
  final float[] shared;

  /** Units of one step [M]. */
  final float[] units;

  /** Raw outputs of one step [R]. */
  final float[] step;

  /** Raw outputs of all steps [J·R]. */
  final float[] raw;

  /** Rate of the counts that are forecast. */
  double rate = 1;

  /** Means of the counts [J]. */
  final double[] means;

  private final float[] forecast;

  HeadWorkspace(Decoder.Sizes sizes, int forecastSize) {
    future = new float[sizes.futureSize()];
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
    means = new double[forecastSize == 0 ? 0 : sizes.horizon()];
    forecast = new float[forecastSize];
  }

  /** Returns the scaled forecast of {@link Head#apply} [J·Q], overwritten by the next call. */
  public float[] forecast() {
    return forecast;
  }
}
