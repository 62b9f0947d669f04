package io.eddy.rollout;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.PromotionRule.Condition;
import io.eddy.rollout.PromotionRule.Measure;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compares a shadow with the serving version on pairs of scores with the same series and origin.
 * Errors are divided by the error of seasonal naive on their series, so that all series have the
 * same weight.
 *
 * <p>After N pairs, with N from the condition, the shadow is promoted if it is better by the
 * required margin and dropped if it is not better at all. Otherwise all pairs so far are evaluated
 * again after N more, until the deadline. A shadow that fails to forecast is dropped immediately.
 */
public final class ShadowComparison implements ScoreAggregator {
  /** Maximum number of scores without a counterpart; the oldest are discarded. */
  private static final int MAX_UNPAIRED = 200_000;

  private final Activation shadow;
  private final PromotionRule rule;
  private final Map<Origin, ScoredForecast> unpaired = new LinkedHashMap<>();
  private final Map<Measure, Sums> sums = new EnumMap<>(Measure.class);
  private @Nullable RolloutDecision decision;

  private record Origin(String series, long timestampMs) {}

  /** The sums of both versions' errors by one measure. */
  private static final class Sums {
    int pairs;
    double serving;
    double shadow;

    /**
     * Adds a pair. Returns false if no step has both errors, or the series is constant.
     *
     * @param servingErrors by step; NaN if not measured
     * @param shadowErrors by step; NaN if not measured
     * @param scale error of seasonal naive on the series
     */
    boolean add(float[] servingErrors, float[] shadowErrors, double scale) {
      double servingSum = 0;
      double shadowSum = 0;
      int steps = 0;
      for (int j = 0; j < Math.min(servingErrors.length, shadowErrors.length); j++) {
        if (!Float.isNaN(servingErrors[j]) && !Float.isNaN(shadowErrors[j])) {
          servingSum += servingErrors[j];
          shadowSum += shadowErrors[j];
          steps++;
        }
      }
      if (!(steps * scale > 0)) {
        return false;
      }
      serving += servingSum / (steps * scale);
      shadow += shadowSum / (steps * scale);
      pairs++;
      return true;
    }

    /** Returns the share by which the shadow's errors are smaller. */
    double gain() {
      return serving > 0 ? 1 - shadow / serving : 0;
    }

    ShadowComparisonStatus.Errors means() {
      return new ShadowComparisonStatus.Errors(serving / pairs, shadow / pairs);
    }
  }

  /** Creates the comparison of a shadow with a promotion rule. */
  public ShadowComparison(Activation shadow) {
    this.shadow = shadow;
    rule = Objects.requireNonNull(shadow.cause().promotionRule(), "promotion rule");
    for (Measure measure : Measure.values()) {
      sums.put(measure, new Sums());
    }
  }

  @Override
  public Activation activation() {
    return shadow;
  }

  @Override
  public void add(ScoredForecast scored) {
    Forecast.Origin origin = scored.score().origin();
    if (decision != null || !isCompared(scored, origin)) {
      return;
    }
    if (scored.failure() != null) {
      if (scored.role() == Role.SHADOW) {
        decision =
            new RolloutDecision(
                RolloutDecision.Kind.DROP,
                "no forecast for series %s: %s".formatted(origin.series(), scored.failure()));
      }
      return;
    }
    if (!origin.warm()) {
      return;
    }
    Origin key = new Origin(origin.series(), origin.timestampMs());
    ScoredForecast other = unpaired.get(key);
    if (other == null || other.role() == scored.role()) {
      unpaired.put(key, scored);
      if (unpaired.size() > MAX_UNPAIRED) {
        unpaired.remove(unpaired.keySet().iterator().next());
      }
      return;
    }
    unpaired.remove(key);
    boolean isShadow = scored.role() == Role.SHADOW;
    compare((isShadow ? other : scored).score(), (isShadow ? scored : other).score());
  }

  private boolean isCompared(ScoredForecast scored, Forecast.Origin origin) {
    if (!shadow.terms().scope().contains(origin.series())) {
      return false;
    }
    return scored.role() == Role.SHADOW
        ? origin.served().epoch() == shadow.epoch()
        : !origin.served().version().equals(shadow.version());
  }

  private void compare(Score served, Score shadowed) {
    boolean isMeasured = false;
    for (Measure measure : Measure.values()) {
      boolean isAdded =
          sums(measure)
              .add(errors(served, measure), errors(shadowed, measure), served.naiveMeanError());
      isMeasured |= isAdded && measure == rule.condition().measure();
    }
    if (isMeasured && decisive().pairs % rule.condition().forecasts() == 0) {
      decide();
    }
  }

  private static float[] errors(Score score, Measure measure) {
    return measure == Measure.PINBALL ? score.pinballLoss() : score.absoluteError();
  }

  private Sums sums(Measure measure) {
    return Objects.requireNonNull(sums.get(measure));
  }

  private Sums decisive() {
    return sums(rule.condition().measure());
  }

  private void decide() {
    double gain = decisive().gain();
    if (gain > 0 && gain >= rule.condition().betterBy()) {
      decision =
          new RolloutDecision(
              RolloutDecision.Kind.PROMOTE, "automatic promotion: " + describeErrors());
    } else if (!(gain > 0)) {
      decision = new RolloutDecision(RolloutDecision.Kind.DROP, "not better: " + describeErrors());
    }
  }

  private String describeErrors() {
    Condition condition = rule.condition();
    Sums decisive = decisive();
    ShadowComparisonStatus.Errors means = decisive.means();
    String measure =
        condition.measure() == Measure.PINBALL
            ? "scaled pinball loss"
            : condition.measure().label();
    return String.format(
        Locale.ROOT,
        "%s %.4f, serving version %.4f, %.1f %% %s over %d forecasts (condition: %s)",
        measure,
        means.shadow(),
        means.serving(),
        100 * Math.abs(decisive.gain()),
        decisive.gain() >= 0 ? "better" : "worse",
        decisive.pairs,
        condition);
  }

  private String describe() {
    return decisive().pairs == 0
        ? "no forecasts compared (condition: %s)".formatted(rule.condition())
        : describeErrors();
  }

  /** Returns the progress so far. */
  public ShadowComparisonStatus status() {
    Sums decisive = decisive();
    int forecasts = rule.condition().forecasts();
    return new ShadowComparisonStatus(
        shadow,
        decisive.pairs,
        decision == null ? forecasts - decisive.pairs % forecasts : 0,
        sums(Measure.PINBALL).means(),
        sums(Measure.MASE).means(),
        decision == null ? null : decision.reason());
  }

  @Override
  public @Nullable RolloutDecision decision(Instant now) {
    if (decision == null && !now.isBefore(rule.deadline())) {
      decision = new RolloutDecision(RolloutDecision.Kind.DROP, "timed out: " + describe());
    }
    return decision;
  }
}
