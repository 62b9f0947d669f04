package io.eddy.model;

import java.util.List;

/**
 * Quantiles that cannot cross: the median's output is o_m, and its neighbours follow by increments
 * that are never negative, q_k = q_{k−1} + s(o_k) upwards and q_k = q_{k+1} − s(o_k) downwards,
 * where s is {@link Softplus}.
 */
public final class QuantileReadout implements Readout {
  private final int levels;
  private final int median;

  /** Ascending levels with 0.5 among them. */
  public QuantileReadout(List<Double> quantileLevels) {
    levels = quantileLevels.size();
    median = quantileLevels.indexOf(0.5);
  }

  /** Index of level 0.5. */
  public int median() {
    return median;
  }

  @Override
  public void read(float[] raw, int from, float[] values, int at) {
    values[at + median] = raw[from + median];
    for (int k = median + 1; k < levels; k++) {
      values[at + k] = values[at + k - 1] + Softplus.value(raw[from + k]);
    }
    for (int k = median - 1; k >= 0; k--) {
      values[at + k] = values[at + k + 1] - Softplus.value(raw[from + k]);
    }
  }
}
