package io.eddy.forecast;

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
    String model, long epoch, ModelVersion version, Terms terms, String reason, Grounds grounds) {

  /** What a version is put to work as. */
  public enum Role {
    /** Its forecasts are the series' forecasts. */
    SERVE,
    /** It is kept beside the one that serves, and never serves. */
    SHADOW
  }

  /**
   * On what terms.
   *
   * @param scope for which series
   * @param effectiveFromMs event time from which it is effective, epoch milliseconds; null for at
   *     once
   * @param isEnd whether from then on no version has that role in that scope, so that of a wider
   *     scope the version serves its series again
   */
  public record Terms(Scope scope, Role role, @Nullable Long effectiveFromMs, boolean isEnd) {
    public Terms {
      if (isEnd && role == Role.SERVE && scope.equals(Scope.all())) {
        throw new IllegalArgumentException(
            "what serves all series cannot end, only be replaced: nothing would serve them");
      }
    }

    /** Serves a scope. */
    public static Terms serving(Scope scope, @Nullable Long effectiveFromMs) {
      return new Terms(scope, Role.SERVE, effectiveFromMs, false);
    }

    /** Shadows what serves a scope. */
    public static Terms shadowing(Scope scope, @Nullable Long effectiveFromMs) {
      return new Terms(scope, Role.SHADOW, effectiveFromMs, false);
    }

    /** Ends what a role is filled by in a scope. */
    public static Terms ending(Scope scope, Role role, @Nullable Long effectiveFromMs) {
      return new Terms(scope, role, effectiveFromMs, true);
    }
  }

  public Activation {
    if (epoch < 1) {
      throw new IllegalArgumentException("epoch: expected at least 1, got " + epoch);
    }
  }

  /** On no grounds but people's. */
  public Activation(String model, long epoch, ModelVersion version, Terms terms, String reason) {
    this(model, epoch, version, terms, reason, Grounds.NONE);
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
    return terms.effectiveFromMs();
  }

  /** Whether it is effective for an event of that time. */
  public boolean isEffectiveAt(long timestampMs) {
    Long from = terms.effectiveFromMs();
    return from == null || from <= timestampMs;
  }
}
