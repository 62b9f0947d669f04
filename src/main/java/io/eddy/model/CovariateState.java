package io.eddy.model;

import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Scaler;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * State of a series' covariates: last known number, level and scale of each. Used by one thread.
 *
 * <p>Each covariate has two inputs: the scaled last known number, or 0 if none is known yet; and
 * whether it is missing in the current step. A static covariate is scaled by the model's mean and
 * standard deviation, any other by its level and scale in the series.
 */
public final class CovariateState {
  /** Number of inputs per covariate. */
  static final int INPUTS = 2;

  /** Numbers per covariate in a {@link #snapshot}. */
  public static final int SNAPSHOT_SIZE = 5;

  private static final CovariateState NONE = new CovariateState(List.of());

  private final List<Covariate> covariates;
  private final Scaler[] scalers;
  private final double[] known;
  private final boolean[] isMissing;
  private final int[] future;

  /** Creates an empty state. Without covariates, all series share one. */
  public static CovariateState of(List<Covariate> covariates) {
    return covariates.isEmpty() ? NONE : new CovariateState(covariates);
  }

  private CovariateState(List<Covariate> covariates) {
    this.covariates = covariates;
    scalers = new Scaler[covariates.size()];
    Arrays.setAll(scalers, i -> new Scaler());
    known = new double[covariates.size()];
    isMissing = new boolean[covariates.size()];
    future =
        IntStream.range(0, covariates.size())
            .filter(i -> covariates.get(i).kind() == CovariateKind.FUTURE)
            .toArray();
    clear();
  }

  /** Returns an independent copy. */
  CovariateState copy() {
    CovariateState copy = of(covariates);
    copy.restore(snapshot());
    System.arraycopy(isMissing, 0, copy.isMissing, 0, isMissing.length);
    return copy;
  }

  /** Resets to the state before the first step. */
  void clear() {
    for (Scaler scaler : scalers) {
      scaler.clear();
    }
    Arrays.fill(known, Double.NaN);
    Arrays.fill(isMissing, true);
  }

  /** Updates the state with the covariates of the next step. */
  void observe(Covariates values, double smoothing) {
    for (int i = 0; i < known.length; i++) {
      double value = values.value(covariates.get(i).name());
      isMissing[i] = Double.isNaN(value);
      if (!isMissing[i]) {
        known[i] = value;
        if (covariates.get(i).kind() != CovariateKind.STATIC) {
          scalers[i].update(value, smoothing);
        }
      }
    }
  }

  /** Writes the inputs of the last step into {@code out}, starting at {@code offset}. */
  void write(float[] out, int offset) {
    for (int i = 0; i < known.length; i++) {
      Covariate covariate = covariates.get(i);
      boolean isStatic = covariate.kind() == CovariateKind.STATIC;
      double level = isStatic ? covariate.mean() : scalers[i].level();
      double scale = isStatic ? covariate.standardDeviation() : scalers[i].scale();
      boolean isKnown = !Double.isNaN(known[i]);
      out[offset + INPUTS * i] = isKnown ? InputEncoder.clip((known[i] - level) / scale) : 0;
      out[offset + INPUTS * i + 1] = isMissing[i] ? 1 : 0;
    }
  }

  /**
   * Writes the known-future covariates for a {@link Decoder}: for the last step and each of the J
   * steps ahead one number for each of the F covariates, scaled by its current level and scale, or
   * NaN if unknown. The number of the last step is the last known one.
   *
   * @param horizon J
   * @param out [(J + 1)·F], starting at {@code offset}; modified
   */
  public void writeFuture(FutureCovariates ahead, int horizon, float[] out, int offset) {
    for (int f = 0; f < future.length; f++) {
      int i = future[f];
      String name = covariates.get(i).name();
      out[offset + f] = scaled(i, known[i]);
      for (int j = 1; j <= horizon; j++) {
        out[offset + j * future.length + f] = scaled(i, ahead.value(name, j));
      }
    }
  }

  /** Scales by level and scale; NaN for an unknown value, or before the first known one. */
  private float scaled(int i, double value) {
    return Double.isNaN(value) || scalers[i].isEmpty()
        ? Float.NaN
        : InputEncoder.clip((value - scalers[i].level()) / scalers[i].scale());
  }

  /** Returns the number of covariates. */
  public int size() {
    return known.length;
  }

  /** Returns for each covariate the four numbers of its scaler and the last known one, or NaN. */
  public double[] snapshot() {
    double[] numbers = new double[SNAPSHOT_SIZE * known.length];
    for (int i = 0; i < known.length; i++) {
      scalers[i].writeAverages(numbers, SNAPSHOT_SIZE * i);
      numbers[SNAPSHOT_SIZE * i + SNAPSHOT_SIZE - 1] = known[i];
    }
    return numbers;
  }

  /** Restores a {@link #snapshot}. */
  public void restore(double[] numbers) {
    for (int i = 0; i < known.length; i++) {
      int at = SNAPSHOT_SIZE * i;
      scalers[i].readAverages(numbers, at);
      known[i] = numbers[at + 4];
    }
  }
}
