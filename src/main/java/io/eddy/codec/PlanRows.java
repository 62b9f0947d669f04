package io.eddy.codec;

import io.eddy.series.CovariateColumns;
import io.eddy.series.LookAhead;
import java.util.Arrays;

/** What is known of the steps of one series beside what came with its observations. */
final class PlanRows {
  /** Nothing. */
  static final PlanRows NONE = new PlanRows(new LookAhead[0], new long[0], CovariateColumns.NONE);

  private final LookAhead[] own;
  private final long[] timestampsMs;
  private final CovariateColumns covariates;

  /**
   * Rows.
   *
   * @param own what each observation brought itself; empty where none brought anything
   * @param timestampsMs of covariates without a value, ascending
   * @param covariates a row for each
   */
  PlanRows(LookAhead[] own, long[] timestampsMs, CovariateColumns covariates) {
    this.own = own;
    this.timestampsMs = timestampsMs;
    this.covariates = covariates;
  }

  /** What observation {@code index} brought itself. */
  LookAhead own(int index) {
    return own.length == 0 ? LookAhead.NONE : own[index];
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
  PlanRows with(LookAhead[] own) {
    return new PlanRows(own, timestampsMs, covariates);
  }

  /** Those of the first {@code size} observations. */
  PlanRows first(int size) {
    return own.length == 0 ? this : with(Arrays.copyOf(own, size));
  }
}
