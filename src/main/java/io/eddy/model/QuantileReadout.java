package io.eddy.model;

import java.util.List;

/**
 * Computes quantiles that cannot cross: the median is o_m, and its neighbours are non-negative
 * increments away, q_k = q_{k−1} + s(o_k) above and q_k = q_{k+1} − s(o_k) below, where s is {@link
 * Softplus}.
 */
public final class QuantileReadout implements Readout {
  private final int levels;
  private final int median;

  /** Creates a readout of ascending levels that include 0.5. */
  public QuantileReadout(List<Double> quantileLevels) {
    levels = quantileLevels.size();
    median = quantileLevels.indexOf(0.5);
  }

  /** Returns the index of level 0.5. */
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
