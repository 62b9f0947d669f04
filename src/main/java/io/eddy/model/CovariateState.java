package io.eddy.model;

import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Scaler;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is remembered of a series' covariates: of each the last number known, and its level and
 * scale. Used by one thread.
 *
 * <p>The net is given two numbers for each: how far the last one known lies from the level, in
 * scales, or 0 where none is known yet; and whether it is missing in the step at hand. A static
 * one's level and scale are the model's mean and spread.
 */
public final class CovariateState {
  /** Numbers given for each covariate. */
  static final int INPUTS = 2;

  /** Numbers that {@link #snapshot} has of each covariate. */
  public static final int SNAPSHOT_SIZE = 5;

  private static final CovariateState NONE = new CovariateState(List.of());

  private final List<Covariate> covariates;
  private final Scaler[] scalers;
  private final double[] known;
  private final boolean[] isMissing;
  private final int[] future;

  /** Nothing seen yet; where there are no covariates, the same for every series. */
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

  /** The same, to be advanced apart. */
  CovariateState copy() {
    CovariateState copy = of(covariates);
    copy.restore(snapshot());
    System.arraycopy(isMissing, 0, copy.isMissing, 0, isMissing.length);
    return copy;
  }

  /** Back to before the first step. */
  void clear() {
    for (Scaler scaler : scalers) {
      scaler.clear();
    }
    Arrays.fill(known, Double.NaN);
    Arrays.fill(isMissing, true);
  }

  /** Takes what came with the value of the next step. */
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

  /** Writes what the net is given of the last step into {@code out} from {@code offset} on. */
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
   * Writes what is known of the steps ahead, as a {@link Decoder} takes it: for the last step and
   * each of the {@code horizon} after it a number for each of the F covariates that are known
   * ahead, by the level and scale of the last step, or NaN where it is unknown; that of the last
   * step is the last one known.
   *
   * @param out [(J + 1)·F] from {@code offset} on; modified
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

  /** By a past one's level and scale; NaN where the value is, or no level is known yet. */
  private float scaled(int i, double value) {
    return Double.isNaN(value) || scalers[i].isEmpty()
        ? Float.NaN
        : InputEncoder.clip((value - scalers[i].level()) / scalers[i].scale());
  }

  /** How many covariates there are. */
  public int size() {
    return known.length;
  }

  /** Of each covariate four numbers of the scaler and the last one known, or NaN. */
  public double[] snapshot() {
    double[] numbers = new double[SNAPSHOT_SIZE * known.length];
    for (int i = 0; i < known.length; i++) {
      System.arraycopy(scalers[i].snapshot(), 0, numbers, SNAPSHOT_SIZE * i, SNAPSHOT_SIZE - 1);
      numbers[SNAPSHOT_SIZE * i + SNAPSHOT_SIZE - 1] = known[i];
    }
    return numbers;
  }

  /** Sets what {@link #snapshot} gave before of one that is now restored. */
  public void restore(double[] numbers) {
    for (int i = 0; i < known.length; i++) {
      int at = SNAPSHOT_SIZE * i;
      scalers[i].restore(numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3]);
      known[i] = numbers[at + 4];
    }
  }
}
