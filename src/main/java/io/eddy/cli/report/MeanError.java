package io.eddy.cli.report;

/** Mean of errors; NaN errors, of steps without an actual value, do not count. */
final class MeanError {
  private double sum;
  private long count;

  void add(float[] errors) {
    for (float error : errors) {
      if (!Float.isNaN(error)) {
        sum += error;
        count++;
      }
    }
  }

  long count() {
    return count;
  }

  /** Returns the mean; NaN without errors. */
  double mean() {
    return count == 0 ? Double.NaN : sum / count;
  }
}
