package io.eddy.rollout;

import io.eddy.model.ModelVersion;
import org.jspecify.annotations.Nullable;

/**
 * Activates a version of a model for a scope, or ends a role in a scope.
 *
 * @param model the model's name
 * @param epoch number of the activation, from 1; unique within the model
 * @param version the version that is activated or ended
 * @param terms scope, role and time
 * @param reason description for operators
 * @param cause the rule or the rollback that the activation belongs to, and its author
 */
public record Activation(
    String model,
    long epoch,
    ModelVersion version,
    Terms terms,
    String reason,
    ActivationCause cause) {

  /** The role of a version. */
  public enum Role {
    /** Its forecasts are published. */
    SERVE,
    /** Its forecasts are only scored, for comparison with the serving version. */
    SHADOW
  }

  /**
   * The time at which an activation takes effect.
   *
   * @param fromMs event time from which it is effective, epoch milliseconds; null for immediately
   * @param spreadMs the period over which the series migrate, in milliseconds. A series migrates at
   *     {@code fromMs} + ⌊v · {@code spreadMs} / 2^32⌋ with v the lower 32 bits of its {@link
   *     KeyHash}; 0 for all series at the same time
   * @param isUrgent whether every series migrates at its next event; otherwise the migration
   *     throttle may delay an activation that is effective immediately
   */
  public record Timing(@Nullable Long fromMs, long spreadMs, boolean isUrgent) {
    /** 31 days. */
    public static final long MAX_SPREAD_MS = 31L * 24 * 60 * 60 * 1000;

    /** Effective immediately; the throttle may delay migrations. */
    public static final Timing AT_ONCE = new Timing(null, 0, false);

    /** Effective immediately; every series migrates at its next event. */
    public static final Timing URGENT = new Timing(null, 0, true);

    public Timing {
      if (spreadMs < 0 || spreadMs > MAX_SPREAD_MS) {
        throw new IllegalArgumentException(
            "migration period: expected at most 31 days, got " + spreadMs + " ms");
      }
      if (fromMs == null && spreadMs > 0) {
        throw new IllegalArgumentException("a migration period needs an event time to begin at");
      }
      if (fromMs != null && isUrgent) {
        throw new IllegalArgumentException(
            "an activation from an event time on is never delayed and cannot be urgent");
      }
    }

    /** Returns the timing from an event time on; null for immediately. */
    public static Timing from(@Nullable Long fromMs) {
      return fromMs == null ? AT_ONCE : new Timing(fromMs, 0, false);
    }

    /** Returns whether it is effective for an event. */
    public boolean isEffectiveAt(String series, long timestampMs) {
      if (fromMs == null || isEffectiveForAllAt(timestampMs)) {
        return true;
      }
      return fromMs <= timestampMs && fromMs + KeyHash.delay(series, spreadMs) <= timestampMs;
    }

    /** Returns whether it is effective for all series at a time. */
    public boolean isEffectiveForAllAt(long timestampMs) {
      return fromMs == null || fromMs <= timestampMs - spreadMs;
    }

    /** Returns when it is effective for all series, epoch milliseconds; null for immediately. */
    @Nullable Long untilMs() {
      return fromMs == null ? null : Long.valueOf(fromMs + spreadMs);
    }
  }

  /**
   * Scope, role and time of an activation.
   *
   * @param isEnd whether the role ends in the scope, so that the version of the next wider scope
   *     applies
   */
  public record Terms(Scope scope, Role role, Timing timing, boolean isEnd) {
    public Terms {
      if (isEnd && role == Role.SERVE && scope.equals(Scope.all())) {
        throw new IllegalArgumentException(
            "the serving version of all series cannot be ended; activate another version");
      }
    }

    /** Returns terms to serve a scope. */
    public static Terms serving(Scope scope, @Nullable Long effectiveFromMs) {
      return new Terms(scope, Role.SERVE, Timing.from(effectiveFromMs), false);
    }

    /** Returns terms to shadow the serving version of a scope. */
    public static Terms shadowing(Scope scope, @Nullable Long effectiveFromMs) {
      return new Terms(scope, Role.SHADOW, Timing.from(effectiveFromMs), false);
    }

    /** Returns terms to end a role in a scope. */
    public static Terms ending(Scope scope, Role role, @Nullable Long effectiveFromMs) {
      return new Terms(scope, role, Timing.from(effectiveFromMs), true);
    }

    /** Returns these terms with another timing. */
    public Terms at(Timing other) {
      return new Terms(scope, role, other, isEnd);
    }
  }

  public Activation {
    if (epoch < 1) {
      throw new IllegalArgumentException("epoch: expected at least 1, got " + epoch);
    }
  }

  /** Creates an activation that an operator requested. */
  public Activation(String model, long epoch, ModelVersion version, Terms terms, String reason) {
    this(model, epoch, version, terms, reason, ActivationCause.NONE);
  }

  /**
   * Creates an activation for all series.
   *
   * @param effectiveFromMs event time, epoch milliseconds; null for immediately
   */
  public Activation(
      String model,
      long epoch,
      ModelVersion version,
      @Nullable Long effectiveFromMs,
      String reason) {
    this(model, epoch, version, Terms.serving(Scope.all(), effectiveFromMs), reason);
  }

  /** Returns this activation with its author. */
  public Activation by(Author author) {
    ActivationCause decided =
        new ActivationCause(cause.promotionRule(), cause.revokedEpoch(), author);
    return new Activation(model, epoch, version, terms, reason, decided);
  }

  /** Returns the event time from which it is effective, epoch ms; null for immediately. */
  public @Nullable Long effectiveFromMs() {
    return terms.timing().fromMs();
  }

  /** Returns whether it is effective for an event. */
  public boolean isEffectiveAt(String series, long timestampMs) {
    return terms.timing().isEffectiveAt(series, timestampMs);
  }
}
