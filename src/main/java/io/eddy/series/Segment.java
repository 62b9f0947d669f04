package io.eddy.series;

import java.util.Arrays;

/**
 * {@value #STEPS} consecutive steps of a series: the unit in which a window is stored.
 *
 * <p>A step holds a value, whether it was imputed, the model's seasonal means at the step, and its
 * covariates by name. A model that is activated later finds the covariates it needs if events
 * carried them, and replaces the seasonal means. A full segment is immutable.
 */
public final class Segment {
  /** Number of steps in a full segment. */
  public static final int STEPS = 16;

  private static final float[] NO_MEANS = {};

  private final double[] values = new double[STEPS];
  private int imputed;

  /** Number of seasonal means of each step. */
  private int seasons;

  /** Seasonal means by step, then by season. */
  private float[] means = NO_MEANS;

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

  /** Returns the number of seasonal means that each step has. */
  public int seasons() {
    return seasons;
  }

  /** Returns a seasonal mean minus the value of the step; NaN if it is not stored. */
  public float seasonalMean(int index, int season) {
    return season < seasons ? means[index * seasons + season] : Float.NaN;
  }

  /** Sets the seasonal means of step {@code index}, as differences from its value. */
  public void setSeasonalMeans(int index, float[] differences) {
    if (differences.length != seasons) {
      seasons = differences.length;
      means = new float[STEPS * seasons];
      Arrays.fill(means, Float.NaN);
    }
    System.arraycopy(differences, 0, means, index * seasons, seasons);
  }

  /** Returns an independent copy. */
  Segment copy() {
    Segment copy = new Segment();
    copy.seasons = seasons;
    copy.means = means.clone();
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
