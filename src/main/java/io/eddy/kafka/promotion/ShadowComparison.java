package io.eddy.kafka.promotion;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.kafka.record.PublishedScore;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.PromotionRule;
import io.eddy.rollout.PromotionRule.Condition;
import io.eddy.rollout.PromotionRule.Measure;
import io.eddy.rollout.RolloutDecision;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A shadow against what serves: the scores of both, from the same origin of the same series, each
 * divided by the error of seasonal naive on that series, so that every series weighs alike.
 *
 * <p>It is decided when as many pairs have been compared as the condition asks for: the shadow is
 * to serve where it is better by as much as that, and is over where it is not better at all.
 * Between the two it goes on, and all pairs so far are looked at again after as many more, until
 * the time is over. A shadow that fails is over at once.
 */
final class ShadowComparison implements ScoreAggregator {
  /** Scores that wait for their counterpart at most. */
  private static final int MOST_WAITING = 200_000;

  private final Activation shadow;
  private final PromotionRule challenge;
  private final Map<Origin, PublishedScore> waiting = new LinkedHashMap<>();
  private final Map<Measure, Sums> sums = new EnumMap<>(Measure.class);
  private @Nullable RolloutDecision verdict;

  private record Origin(String series, long timestampMs) {}

  /** The errors of both by one measure. */
  private static final class Sums {
    int pairs;
    double serving;
    double shadowing;

    /**
     * Adds a pair; false where nothing was measured, or the series never changes.
     *
     * @param unit error of seasonal naive on the series
     */
    boolean add(float[] served, float[] shadowed, double unit) {
      double ofServed = 0;
      double ofShadow = 0;
      int steps = 0;
      for (int j = 0; j < Math.min(served.length, shadowed.length); j++) {
        if (!Float.isNaN(served[j]) && !Float.isNaN(shadowed[j])) {
          ofServed += served[j];
          ofShadow += shadowed[j];
          steps++;
        }
      }
      if (!(steps * unit > 0)) {
        return false;
      }
      serving += ofServed / (steps * unit);
      shadowing += ofShadow / (steps * unit);
      pairs++;
      return true;
    }

    /** By which share the shadow's errors are smaller. */
    double gain() {
      return serving > 0 ? 1 - shadowing / serving : 0;
    }

    ShadowComparisonStatus.Errors errors() {
      return new ShadowComparisonStatus.Errors(serving / pairs, shadowing / pairs);
    }
  }

  /** Of an activation with a challenge. */
  ShadowComparison(Activation shadow) {
    this.shadow = shadow;
    challenge = Objects.requireNonNull(shadow.grounds().challenge(), "a challenge");
    for (Measure measure : Measure.values()) {
      sums.put(measure, new Sums());
    }
  }

  @Override
  public Activation activation() {
    return shadow;
  }

  @Override
  public void take(PublishedScore published) {
    Forecast.Origin origin = published.score().origin();
    if (verdict != null || !isOf(published, origin)) {
      return;
    }
    if (published.failure() != null) {
      if (published.role() == Role.SHADOW) {
        verdict =
            new RolloutDecision(
                RolloutDecision.Kind.DROP,
                "it failed at series %s: %s".formatted(origin.series(), published.failure()));
      }
      return;
    }
    if (!origin.warm()) {
      return;
    }
    Origin key = new Origin(origin.series(), origin.timestampMs());
    PublishedScore other = waiting.get(key);
    if (other == null || other.role() == published.role()) {
      waiting.put(key, published);
      if (waiting.size() > MOST_WAITING) {
        waiting.remove(waiting.keySet().iterator().next());
      }
      return;
    }
    waiting.remove(key);
    boolean isShadow = published.role() == Role.SHADOW;
    compare((isShadow ? other : published).score(), (isShadow ? published : other).score());
  }

  private boolean isOf(PublishedScore published, Forecast.Origin origin) {
    if (!shadow.terms().scope().contains(origin.series())) {
      return false;
    }
    return published.role() == Role.SHADOW
        ? origin.served().epoch() == shadow.epoch()
        : !origin.served().version().equals(shadow.version());
  }

  private void compare(Score served, Score shadowed) {
    boolean isMeasured = false;
    for (Measure measure : Measure.values()) {
      boolean isAdded =
          of(measure)
              .add(errors(served, measure), errors(shadowed, measure), served.naiveMeanError());
      isMeasured |= isAdded && measure == challenge.condition().measure();
    }
    if (isMeasured && decisive().pairs % challenge.condition().forecasts() == 0) {
      decide();
    }
  }

  private static float[] errors(Score score, Measure measure) {
    return measure == Measure.PINBALL ? score.pinballLoss() : score.absoluteError();
  }

  private Sums of(Measure measure) {
    return Objects.requireNonNull(sums.get(measure));
  }

  /** By the measure of the condition. */
  private Sums decisive() {
    return of(challenge.condition().measure());
  }

  private void decide() {
    double gain = decisive().gain();
    if (gain > 0 && gain >= challenge.condition().betterBy()) {
      verdict =
          new RolloutDecision(RolloutDecision.Kind.PROMOTE, "promoted by itself: " + figures());
    } else if (!(gain > 0)) {
      verdict = new RolloutDecision(RolloutDecision.Kind.DROP, "not better: " + figures());
    }
  }

  private String figures() {
    Condition condition = challenge.condition();
    Sums decisive = decisive();
    ShadowComparisonStatus.Errors errors = decisive.errors();
    String measure =
        condition.measure() == Measure.PINBALL
            ? "scaled pinball loss"
            : condition.measure().inWords();
    return String.format(
        Locale.ROOT,
        "%s %.4f against %.4f of what served, %.1f %% %s over %d forecasts (asked for: %s)",
        measure,
        errors.shadowing(),
        errors.serving(),
        100 * Math.abs(decisive.gain()),
        decisive.gain() >= 0 ? "better" : "worse",
        decisive.pairs,
        condition);
  }

  private String inWords() {
    return decisive().pairs == 0
        ? "no pair of forecasts compared yet (asked for: %s)".formatted(challenge.condition())
        : figures();
  }

  /** How it stands. */
  ShadowComparisonStatus standing() {
    Sums decisive = decisive();
    int forecasts = challenge.condition().forecasts();
    return new ShadowComparisonStatus(
        shadow,
        decisive.pairs,
        verdict == null ? forecasts - decisive.pairs % forecasts : 0,
        of(Measure.PINBALL).errors(),
        of(Measure.MASE).errors(),
        verdict == null ? null : verdict.why());
  }

  @Override
  public @Nullable RolloutDecision verdict(Instant now) {
    if (verdict == null && !now.isBefore(challenge.until())) {
      verdict = new RolloutDecision(RolloutDecision.Kind.DROP, "timed out: " + inWords());
    }
    return verdict;
  }
}
