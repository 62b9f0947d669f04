package io.eddy.kafka.promotion;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.kafka.record.PublishedScore;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.RollbackRules;
import io.eddy.rollout.RolloutDecision;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether what serves has to be taken back: since it gave a forecast that is not finite, or since
 * over its last N scored forecasts it errs more than seasonal naive by a margin. Each forecast is
 * measured by the error of seasonal naive on its series, so that every series weighs alike.
 *
 * <p>What came to serve by being gone back to is not taken back for its errors in turn: where the
 * version before was worse than seasonal naive, too, it is the data that changed.
 */
final class ServingModelMonitor implements ScoreAggregator {
  private final Activation serving;
  private final RollbackRules rules;
  private final double[] errors;
  private final double[] naive;
  private long count;
  private @Nullable RolloutDecision verdict;

  ServingModelMonitor(Activation serving, RollbackRules rules) {
    this.serving = serving;
    this.rules = rules;
    errors = new double[rules.over()];
    naive = new double[rules.over()];
  }

  @Override
  public Activation activation() {
    return serving;
  }

  @Override
  public void take(PublishedScore published) {
    Forecast.Origin origin = published.score().origin();
    if (verdict != null
        || published.role() != Role.SERVE
        || origin.served().epoch() != serving.epoch()) {
      return;
    }
    if (published.failure() != null) {
      if (rules.isForNonFinite()) {
        verdict =
            new RolloutDecision(
                RolloutDecision.Kind.ROLL_BACK,
                "at series %s %s".formatted(origin.series(), published.failure()));
      }
    } else if (origin.warm()) {
      measure(published.score());
    }
  }

  private void measure(Score score) {
    double unit = score.naiveMeanError();
    double error = mean(score.absoluteError());
    double simple = mean(score.naiveAbsoluteError());
    if (!(unit > 0) || Double.isNaN(error) || Double.isNaN(simple)) {
      return;
    }
    int place = (int) (count++ % errors.length);
    errors[place] = error / unit;
    naive[place] = simple / unit;
    if (place == errors.length - 1) {
      decide();
    }
  }

  private void decide() {
    double worse = sum(errors) / sum(naive) - 1;
    if (rules.worseThanNaive() != null
        && serving.grounds().revokes() == 0
        && worse > rules.worseThanNaive()) {
      verdict =
          new RolloutDecision(
              RolloutDecision.Kind.ROLL_BACK,
              String.format(
                  Locale.ROOT,
                  "MASE %.4f over %d forecasts, %.1f %% worse than seasonal naive's %.4f on the"
                      + " same steps (allowed: %.1f %%)",
                  sum(errors) / errors.length,
                  errors.length,
                  100 * worse,
                  sum(naive) / naive.length,
                  100 * rules.worseThanNaive()));
    }
  }

  @Override
  public @Nullable RolloutDecision verdict(Instant now) {
    return verdict;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /** Of the steps that were measured; NaN where none was. */
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
