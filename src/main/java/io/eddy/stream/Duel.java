package io.eddy.stream;

import io.eddy.codec.PublishedScore;
import io.eddy.forecast.Activation;
import io.eddy.forecast.Activation.Role;
import io.eddy.forecast.Challenge;
import io.eddy.forecast.Challenge.Condition;
import io.eddy.forecast.Challenge.Measure;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import java.time.Instant;
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
final class Duel implements ScoreTally {
  /** Scores that wait for their counterpart at most. */
  private static final int MOST_WAITING = 200_000;

  private final Activation shadow;
  private final Challenge challenge;
  private final Map<Origin, PublishedScore> waiting = new LinkedHashMap<>();
  private int pairs;
  private double serving;
  private double shadowing;
  private @Nullable Verdict verdict;

  private record Origin(String series, long timestampMs) {}

  /** Of an activation with a challenge. */
  Duel(Activation shadow) {
    this.shadow = shadow;
    challenge = Objects.requireNonNull(shadow.grounds().challenge(), "a challenge");
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
            new Verdict(
                Verdict.Kind.DROP,
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
    float[] ofServed = errors(served);
    float[] ofShadow = errors(shadowed);
    double sumServed = 0;
    double sumShadow = 0;
    int steps = 0;
    for (int j = 0; j < Math.min(ofServed.length, ofShadow.length); j++) {
      if (!Float.isNaN(ofServed[j]) && !Float.isNaN(ofShadow[j])) {
        sumServed += ofServed[j];
        sumShadow += ofShadow[j];
        steps++;
      }
    }
    double unit = steps * served.naiveMeanError();
    if (!(unit > 0)) {
      // Nothing was measured, or the series never changes.
      return;
    }
    serving += sumServed / unit;
    shadowing += sumShadow / unit;
    pairs++;
    if (pairs % challenge.condition().forecasts() == 0) {
      decide();
    }
  }

  private float[] errors(Score score) {
    return challenge.condition().measure() == Measure.PINBALL
        ? score.pinballLoss()
        : score.absoluteError();
  }

  private void decide() {
    double gain = gain();
    if (gain > 0 && gain >= challenge.condition().betterBy()) {
      verdict = new Verdict(Verdict.Kind.PROMOTE, "promoted by itself: " + figures());
    } else if (!(gain > 0)) {
      verdict = new Verdict(Verdict.Kind.DROP, "not better: " + figures());
    }
  }

  /** By which share the shadow's errors are smaller. */
  private double gain() {
    return serving > 0 ? 1 - shadowing / serving : 0;
  }

  private String figures() {
    Condition condition = challenge.condition();
    String measure =
        condition.measure() == Measure.PINBALL
            ? "scaled pinball loss"
            : condition.measure().inWords();
    return String.format(
        Locale.ROOT,
        "%s %.4f against %.4f of what served, %.1f %% %s over %d forecasts (asked for: %s)",
        measure,
        pairs == 0 ? Double.NaN : shadowing / pairs,
        pairs == 0 ? Double.NaN : serving / pairs,
        100 * Math.abs(gain()),
        gain() >= 0 ? "better" : "worse",
        pairs,
        condition);
  }

  /** How it stands, for people. */
  String standing() {
    return pairs == 0
        ? "no pair of forecasts compared yet (asked for: %s)".formatted(challenge.condition())
        : figures();
  }

  @Override
  public @Nullable Verdict verdict(Instant now) {
    if (verdict == null && !now.isBefore(challenge.until())) {
      verdict = new Verdict(Verdict.Kind.DROP, "timed out: " + standing());
    }
    return verdict;
  }
}
