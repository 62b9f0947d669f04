package io.eddy.rollout;

import io.eddy.model.ModelVersion;
import org.jspecify.annotations.Nullable;

/**
 * Puts a version of a model to work, or ends that.
 *
 * @param model the model's name
 * @param epoch from 1; no two activations of a model have the same
 * @param version that is put to work, or whose work in that scope ends
 * @param terms for which series, as what and from when
 * @param reason why, for people
 * @param grounds what it rests on, for programs
 */
public record Activation(
    String model,
    long epoch,
    ModelVersion version,
    Terms terms,
    String reason,
    ActivationCause grounds) {

  /** What a version is put to work as. */
  public enum Role {
    /** Its forecasts are the series' forecasts. */
    SERVE,
    /** It is kept beside the one that serves, and never serves. */
    SHADOW
  }

  /**
   * From when.
   *
   * @param fromMs event time from which it is effective, epoch milliseconds; null for at once
   * @param overMs within how many milliseconds from then on every series moves, each at a time of
   *     its own that its key's hash draws: {@code fromMs} + ⌊v · {@code overMs} / 2^32⌋ with v the
   *     lower 32 bits of {@link KeyHash}; 0 for all at the same time
   * @param isUrgent whether every series moves at its next event, whatever that costs; else one
   *     that is effective at once lets series wait
   */
  public record Timing(@Nullable Long fromMs, long overMs, boolean isUrgent) {
    /** Thirty-one days: the longest span of moves. */
    public static final long MOST_OVER_MS = 31L * 24 * 60 * 60 * 1000;

    /** At once, and series may wait. */
    public static final Timing AT_ONCE = new Timing(null, 0, false);

    /** At once, for every series at its next event. */
    public static final Timing URGENT = new Timing(null, 0, true);

    public Timing {
      if (overMs < 0 || overMs > MOST_OVER_MS) {
        throw new IllegalArgumentException(
            "span of moves: expected at most 31 days, got " + overMs + " ms");
      }
      if (fromMs == null && overMs > 0) {
        throw new IllegalArgumentException("a span of moves needs an event time that it begins at");
      }
      if (fromMs != null && isUrgent) {
        throw new IllegalArgumentException(
            "what is effective from an event time on is never put off: it is not urgent beside");
      }
    }

    /** From an event time on; at once where that is null. */
    public static Timing from(@Nullable Long fromMs) {
      return fromMs == null ? AT_ONCE : new Timing(fromMs, 0, false);
    }

    /** Whether it is effective for an event of that series and time. */
    public boolean isEffectiveAt(String series, long timestampMs) {
      if (fromMs == null || isEffectiveForAllAt(timestampMs)) {
        return true;
      }
      return fromMs <= timestampMs && fromMs + KeyHash.delay(series, overMs) <= timestampMs;
    }

    /** Whether it is effective for events of that time, of whatever series. */
    public boolean isEffectiveForAllAt(long timestampMs) {
      return fromMs == null || fromMs <= timestampMs - overMs;
    }

    /** When it is effective for every series, epoch milliseconds; null for at once. */
    @Nullable Long untilMs() {
      return fromMs == null ? null : Long.valueOf(fromMs + overMs);
    }
  }

  /**
   * On what terms.
   *
   * @param scope for which series
   * @param timing from when
   * @param isEnd whether from then on no version has that role in that scope, so that of a wider
   *     scope the version serves its series again
   */
  public record Terms(Scope scope, Role role, Timing timing, boolean isEnd) {
    public Terms {
      if (isEnd && role == Role.SERVE && scope.equals(Scope.all())) {
        throw new IllegalArgumentException(
            "what serves all series cannot end, only be replaced: nothing would serve them");
      }
    }

    /** Serves a scope. */
    public static Terms serving(Scope scope, @Nullable Long effectiveFromMs) {
      return new Terms(scope, Role.SERVE, Timing.from(effectiveFromMs), false);
    }

    /** Shadows what serves a scope. */
    public static Terms shadowing(Scope scope, @Nullable Long effectiveFromMs) {
      return new Terms(scope, Role.SHADOW, Timing.from(effectiveFromMs), false);
    }

    /** Ends what a role is filled by in a scope. */
    public static Terms ending(Scope scope, Role role, @Nullable Long effectiveFromMs) {
      return new Terms(scope, role, Timing.from(effectiveFromMs), true);
    }

    /** The same at another time. */
    public Terms at(Timing other) {
      return new Terms(scope, role, other, isEnd);
    }
  }

  public Activation {
    if (epoch < 1) {
      throw new IllegalArgumentException("epoch: expected at least 1, got " + epoch);
    }
  }

  /** On no grounds but people's. */
  public Activation(String model, long epoch, ModelVersion version, Terms terms, String reason) {
    this(model, epoch, version, terms, reason, ActivationCause.NONE);
  }

  /**
   * Lets a version serve all series.
   *
   * @param effectiveFromMs event time from which it is effective; null for at once
   */
  public Activation(
      String model,
      long epoch,
      ModelVersion version,
      @Nullable Long effectiveFromMs,
      String reason) {
    this(model, epoch, version, Terms.serving(Scope.all(), effectiveFromMs), reason);
  }

  /** Event time from which it is effective, epoch milliseconds; null for at once. */
  public @Nullable Long effectiveFromMs() {
    return terms.timing().fromMs();
  }

  /** Whether it is effective for an event of that series and time. */
  public boolean isEffectiveAt(String series, long timestampMs) {
    return terms.timing().isEffectiveAt(series, timestampMs);
  }
}
