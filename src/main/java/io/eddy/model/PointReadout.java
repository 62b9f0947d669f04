package io.eddy.model;

/** The raw output is the forecast. */
final class PointReadout implements Readout {
  @Override
  public void read(float[] raw, int from, float[] values, int at) {
    values[at] = raw[from];
  }
}
