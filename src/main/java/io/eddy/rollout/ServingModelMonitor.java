package io.eddy.rollout;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.rollout.Activation.Role;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Monitors a serving version and decides on an automatic rollback: after a non-finite forecast, or
 * if its mean error over N scored forecasts exceeds that of seasonal naive by a margin. Errors are
 * divided by the error of seasonal naive on their series, so that all series have the same weight.
 *
 * <p>A version activated by an automatic rollback is not rolled back for its errors: if the
 * previous version exceeded the margin too, the data has changed.
 */
public final class ServingModelMonitor implements ScoreAggregator {
  private final Activation serving;
  private final RollbackRules rules;

  /** Scaled errors of the last N forecasts, a ring of shape (N). */
  private final double[] errors;

  /** Scaled errors of seasonal naive on the same steps, shape (N). */
  private final double[] naiveErrors;

  private long count;
  private @Nullable RolloutDecision decision;

  public ServingModelMonitor(Activation serving, RollbackRules rules) {
    this.serving = serving;
    this.rules = rules;
    errors = new double[rules.forecasts()];
    naiveErrors = new double[rules.forecasts()];
  }

  @Override
  public Activation activation() {
    return serving;
  }

  @Override
  public void add(ScoredForecast scored) {
    Forecast.Origin origin = scored.score().origin();
    if (decision != null
        || scored.role() != Role.SERVE
        || origin.served().epoch() != serving.epoch()) {
      return;
    }
    if (scored.failure() != null) {
      if (rules.isForNonFinite()) {
        decision =
            new RolloutDecision(
                RolloutDecision.Kind.ROLL_BACK,
                "series %s: %s".formatted(origin.series(), scored.failure()));
      }
    } else if (origin.warm()) {
      add(scored.score());
    }
  }

  private void add(Score score) {
    double scale = score.naiveMeanError();
    double error = mean(score.absoluteError());
    double naiveError = mean(score.naiveAbsoluteError());
    if (!(scale > 0) || Double.isNaN(error) || Double.isNaN(naiveError)) {
      return;
    }
    int index = (int) (count++ % errors.length);
    errors[index] = error / scale;
    naiveErrors[index] = naiveError / scale;
    if (index == errors.length - 1) {
      decide();
    }
  }

  private void decide() {
    double excess = sum(errors) / sum(naiveErrors) - 1;
    if (rules.worseThanNaive() != null
        && serving.cause().revokedEpoch() == 0
        && excess > rules.worseThanNaive()) {
      decision =
          new RolloutDecision(
              RolloutDecision.Kind.ROLL_BACK,
              String.format(
                  Locale.ROOT,
                  "MASE %.4f over %d forecasts, %.1f %% worse than seasonal naive (%.4f) on the"
                      + " same steps; limit %.1f %%",
                  sum(errors) / errors.length,
                  errors.length,
                  100 * excess,
                  sum(naiveErrors) / naiveErrors.length,
                  100 * rules.worseThanNaive()));
    }
  }

  @Override
  public @Nullable RolloutDecision decision(Instant now) {
    return decision;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /** Returns the mean of the values that are not NaN; NaN if there are none. */
  private static double mean(float[] values) {
    double sum = 0;
    int count = 0;
    for (float value : values) {
      if (!Float.isNaN(value)) {
        sum += value;
        count++;
      }
    }
    return sum / count;
  }
}
