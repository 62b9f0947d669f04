package io.eddy.series;

/**
 * {@value #STEPS} consecutive steps of a series: the unit in which its past is stored.
 *
 * <p>A step is a value, whether it was imputed, and what covariates came with it, by name, so that
 * a later model finds those that it wants, if they came. A full segment is never written again.
 */
public final class Segment {
  /** Steps in a full segment. */
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

  /** The same steps, to be changed apart. */
  Segment copy() {
    Segment copy = new Segment();
    System.arraycopy(values, 0, copy.values, 0, STEPS);
    copy.imputed = imputed;
    copy.covariates = covariates == CovariateColumns.NONE ? covariates : covariates.resized(STEPS);
    return copy;
  }

  /** The covariates by step; may not be changed. */
  public CovariateColumns covariates() {
    return covariates;
  }

  /** Sets what came with step {@code index}. */
  public void setCovariates(int index, Covariates values) {
    if (!values.isEmpty()) {
      covariateRows().set(index, values);
    }
  }

  /** Sets one of those. */
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
