package io.eddy.series;

/**
 * {@value #STEPS} consecutive steps of a series: the unit in which a window is stored.
 *
 * <p>A step holds a value, whether it was imputed, and its covariates by name. A model that is
 * activated later finds the covariates it needs if events carried them. A full segment is
 * immutable.
 */
public final class Segment {
  /** Number of steps in a full segment. */
  public static final int STEPS = 16;

  private final double[] values = new double[STEPS];
  private int imputed;
  private CovariateColumns covariates = CovariateColumns.NONE;

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

  /** Returns an independent copy. */
  Segment copy() {
    Segment copy = new Segment();
    System.arraycopy(values, 0, copy.values, 0, STEPS);
    copy.imputed = imputed;
    copy.covariates = covariates == CovariateColumns.NONE ? covariates : covariates.resized(STEPS);
    return copy;
  }

  /** Returns the covariates by step. The result must not be modified. */
  public CovariateColumns covariates() {
    return covariates;
  }

  /** Sets the covariates of step {@code index}. */
  public void setCovariates(int index, Covariates values) {
    if (!values.isEmpty()) {
      covariateRows().set(index, values);
    }
  }

  /** Sets one covariate of step {@code index}. */
  public void setCovariate(int index, String name, double value) {
    covariateRows().set(index, name, value);
  }

  private CovariateColumns covariateRows() {
    if (covariates == CovariateColumns.NONE) {
      covariates = new CovariateColumns(STEPS);
    }
    return covariates;
  }
}
