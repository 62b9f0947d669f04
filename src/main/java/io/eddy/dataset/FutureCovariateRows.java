package io.eddy.dataset;

import io.eddy.series.CovariateColumns;
import io.eddy.series.FutureCovariates;
import java.util.Arrays;

/** What is known of the steps of one series beside what came with its observations. */
final class FutureCovariateRows {
  /** Nothing. */
  static final FutureCovariateRows NONE =
      new FutureCovariateRows(new FutureCovariates[0], new long[0], CovariateColumns.NONE);

  private final FutureCovariates[] own;
  private final long[] timestampsMs;
  private final CovariateColumns covariates;

  /**
   * Rows.
   *
   * @param own what each observation brought itself; empty where none brought anything
   * @param timestampsMs of covariates without a value, ascending
   * @param covariates a row for each
   */
  FutureCovariateRows(FutureCovariates[] own, long[] timestampsMs, CovariateColumns covariates) {
    this.own = own;
    this.timestampsMs = timestampsMs;
    this.covariates = covariates;
  }

  /** What observation {@code index} brought itself. */
  FutureCovariates own(int index) {
    return own.length == 0 ? FutureCovariates.NONE : own[index];
  }

  /** Times of covariates without a value, ascending. */
  long[] timestampsMs() {
    return timestampsMs;
  }

  /** The covariates at those times. */
  CovariateColumns covariates() {
    return covariates;
  }

  /** The same with what each observation knows, whoever said so. */
  FutureCovariateRows with(FutureCovariates[] own) {
    return new FutureCovariateRows(own, timestampsMs, covariates);
  }

  /** Those of the first {@code size} observations. */
  FutureCovariateRows first(int size) {
    return own.length == 0 ? this : with(Arrays.copyOf(own, size));
  }
}
