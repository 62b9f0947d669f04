package io.eddy.series;

/**
 * {@value #STEPS} consecutive steps of a series: the unit in which its past is stored.
 *
 * <p>A step is a value and whether it was imputed. A full segment is never written again.
 */
public final class Segment {
  /** Steps in a full segment. */
  public static final int STEPS = 16;

  private final double[] values = new double[STEPS];
  private int imputed;

  public double value(int index) {
    return values[index];
  }

  public boolean isImputed(int index) {
    return (imputed & 1 << index) != 0;
  }

  /** Sets step {@code index}, in 0 … {@value #STEPS} − 1. */
  public void set(int index, double value, boolean isImputed) {
    values[index] = value;
    imputed = isImputed ? imputed | 1 << index : imputed & ~(1 << index);
  }
}
