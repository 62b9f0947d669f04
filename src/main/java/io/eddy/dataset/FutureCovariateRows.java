package io.eddy.dataset;

import io.eddy.series.CovariateColumns;
import io.eddy.series.FutureCovariates;
import java.util.Arrays;

/**
 * Future covariates of one series: those that its observations carry, and rows of covariates
 * without a value.
 */
final class FutureCovariateRows {
  /** No future covariates. */
  static final FutureCovariateRows NONE =
      new FutureCovariateRows(new FutureCovariates[0], new long[0], CovariateColumns.NONE);

  private final FutureCovariates[] own;
  private final long[] timestampsMs;
  private final CovariateColumns covariates;

  /**
   * Creates rows.
   *
   * @param own future covariates of each observation; empty if no observation has any
   * @param timestampsMs timestamps of the rows without a value, ascending, in epoch milliseconds
   * @param covariates covariates of these rows
   */
  FutureCovariateRows(FutureCovariates[] own, long[] timestampsMs, CovariateColumns covariates) {
    this.own = own;
    this.timestampsMs = timestampsMs;
    this.covariates = covariates;
  }

  /** Returns the future covariates of observation {@code index}. */
  FutureCovariates own(int index) {
    return own.length == 0 ? FutureCovariates.NONE : own[index];
  }

  /** Returns the timestamps of the rows without a value, ascending, in epoch milliseconds. */
  long[] timestampsMs() {
    return timestampsMs;
  }

  /** Returns the covariates of the rows without a value. */
  CovariateColumns covariates() {
    return covariates;
  }

  /** Returns these rows with other future covariates per observation. */
  FutureCovariateRows with(FutureCovariates[] own) {
    return new FutureCovariateRows(own, timestampsMs, covariates);
  }

  /** Returns the rows of the first {@code size} observations. */
  FutureCovariateRows first(int size) {
    return own.length == 0 ? this : with(Arrays.copyOf(own, size));
  }
}
