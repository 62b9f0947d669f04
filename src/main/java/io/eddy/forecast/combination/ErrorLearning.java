package io.eddy.forecast.combination;

/**
 * Learns the mean absolute errors of the simple components and the scale of the net's quantiles
 * from matured forecasts.
 *
 * <pre>
 *   a_i ← a_i + α_n·(min(|y − p_i|, c_i) − a_i),   α_n = max(α, 1/({@value #PRIOR_COUNT} + n))
 *   A ← A + α_n·(min(|y − m|, c) − A),   B ← B + α_n·((n_K − n_1)/(z_K − z_1) − B)
 *   r = min(1, A/B)
 * </pre>
 *
 * <p>n is the number of forecasts before this one. The a_i begin with the errors of the
 * specification, which count for {@value #PRIOR_COUNT} forecasts. B is the mean absolute error that
 * a normal distribution between the net's lowest and highest quantile n_1 and n_K would have, A
 * that of its median m. A net that was trained to a small error often has outer quantiles that are
 * far too wide, and would get hardly any weight for the error of its median. Too narrow ones are
 * left to the calibration. An error counts for at most c = {@value #MAX_ERROR_RATIO} times its mean
 * or the unit, whichever is larger.
 */
final class ErrorLearning {
  private static final double MAX_ERROR_RATIO = 10;
  private static final int PRIOR_COUNT = 4;
  private static final int MAX_COUNT = 1 << 20;

  /** α */
  private final double smoothing;

  private final ScoredLevels scored;

  /** Mean absolute errors of a standard normal distribution between the outer quantiles. */
  private final double width;

  /**
   * Creates the learning of a model.
   *
   * @param smoothing α
   * @param deviations z [Q]
   */
  ErrorLearning(double smoothing, ScoredLevels scored, double[] deviations) {
    this.smoothing = smoothing;
    this.scored = scored;
    width = deviations[scored.index(scored.count() - 1)] - deviations[scored.index(0)];
  }

  /**
   * Computes the scale of the net and the errors of the simple components.
   *
   * @param prior errors before the first forecast, in units [C − 1]
   * @param result set to r and a [C]
   */
  void errors(GroupState group, double[] prior, double unit, double[] result) {
    result[0] = group.netSpread > 0 ? Math.min(1, group.netError / group.netSpread) : 1;
    for (int i = 0; i < prior.length; i++) {
      result[i + 1] = group.count == 0 ? unit * prior[i] : group.errors[i];
    }
  }

  /**
   * Adds a matured forecast.
   *
   * @param group modified
   * @param actual the value minus the last value at the forecast's origin
   * @param errors the present ones, of {@link #errors}
   */
  void add(GroupState group, GroupState.Slot slot, double actual, double unit, double[] errors) {
    double rate = Math.max(smoothing, 1.0 / (PRIOR_COUNT + group.count));
    for (int i = 0; i < group.errors.length; i++) {
      double error = Math.abs(actual - slot.point(i));
      group.errors[i] = updated(errors[i + 1], error, rate, unit);
    }
    if (width > 0) {
      double spread = (slot.net[slot.net.length - 1] - slot.net[0]) / width;
      if (group.count == 0) {
        group.netError = (float) Math.min(Float.MAX_VALUE, spread);
        group.netSpread = group.netError;
      }
      double error = Math.abs(actual - slot.net[scored.median()]);
      group.netError = updated(group.netError, error, rate, unit);
      group.netSpread = bounded(Math.fma(rate, spread - group.netSpread, group.netSpread));
    }
    group.count = Math.min(group.count + 1, MAX_COUNT);
  }

  private static float updated(double mean, double error, double rate, double unit) {
    double counted = Math.min(error, MAX_ERROR_RATIO * Math.max(mean, unit));
    return bounded(Math.fma(rate, counted - mean, mean));
  }

  /** Returns a finite number: infinite times the deviation 0 of the median would be NaN. */
  private static float bounded(double number) {
    return (float) Math.min(Float.MAX_VALUE, number);
  }
}
