package io.eddy.rollout;

import io.eddy.model.InvalidModelException;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activation.Timing;
import java.util.List;
import java.util.function.Predicate;

/** The activations that return a scope to a previous version. */
public final class Rollback {
  private Rollback() {}

  /**
   * Returns the urgent activation of the previous version of a scope, or the end of a narrower
   * scope without a previous version.
   *
   * @throws InvalidModelException if there is no previous version
   */
  public static Activation toPrevious(String model, Scope scope, Activations current) {
    List<Activation> history = current.descending(scope, Role.SERVE);
    if (history.isEmpty()) {
      throw new InvalidModelException(
          "no version of model %s was ever activated%s",
          model, scope.equals(Scope.all()) ? "" : " for " + scope);
    }
    Activation head = history.get(0);
    for (Activation before : history) {
      if (isDifferent(before, head)) {
        return toVersion(current, head, before);
      }
    }
    if (scope.equals(Scope.all())) {
      throw new InvalidModelException(
          "no previous version: %s is the only version that ever served",
          head.version().shortSha());
    }
    return end(current, head);
  }

  /**
   * Returns the urgent activation that rolls an activation back automatically: of the last version
   * of its scope that is servable and was not rolled back automatically, or the end of a narrower
   * scope without such a version.
   *
   * @param isServable whether a version can serve
   * @throws InvalidModelException if there is no version to roll back to
   */
  public static Activation automatic(
      Activation bad, Activations current, Predicate<Activation> isServable, String cause) {
    Scope scope = bad.terms().scope();
    List<Activation> history = current.descending(scope, Role.SERVE);
    ActivationCause activationCause = new ActivationCause(null, bad.epoch());
    String reason = "automatic rollback from " + bad.version().shortSha() + ": " + cause;
    for (Activation before : history) {
      if (before.terms().isEnd() && before.epoch() < bad.epoch() && !scope.equals(Scope.all())) {
        break;
      }
      if (before.epoch() < bad.epoch()
          && !before.terms().isEnd()
          && !before.version().equals(bad.version())
          && !isRevoked(before, history)
          && isServable.test(before)) {
        return new Activation(
            bad.model(),
            current.nextEpoch(),
            before.version(),
            Terms.serving(scope, null).at(Timing.URGENT),
            reason,
            activationCause);
      }
    }
    if (scope.equals(Scope.all())) {
      throw new InvalidModelException("no version to roll back to");
    }
    return new Activation(
        bad.model(),
        current.nextEpoch(),
        bad.version(),
        Terms.ending(scope, Role.SERVE, null).at(Timing.URGENT),
        reason,
        activationCause);
  }

  /** Returns whether an activation's version was rolled back automatically after the activation. */
  private static boolean isRevoked(Activation activation, List<Activation> history) {
    for (Activation later : history) {
      long revoked = later.cause().revokedEpoch();
      if (later.epoch() > activation.epoch()
          && revoked > 0
          && history.stream()
              .anyMatch(
                  other ->
                      other.epoch() == revoked && other.version().equals(activation.version()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDifferent(Activation before, Activation head) {
    return before.terms().isEnd() != head.terms().isEnd()
        || (!head.terms().isEnd() && !before.version().equals(head.version()));
  }

  private static Activation toVersion(Activations current, Activation head, Activation before) {
    if (before.terms().isEnd()) {
      return end(current, head);
    }
    return new Activation(
        head.model(),
        current.nextEpoch(),
        before.version(),
        Terms.serving(head.terms().scope(), null).at(Timing.URGENT),
        head.terms().isEnd()
            ? "rollback from the end of epoch " + head.epoch()
            : "rollback from " + head.version().shortSha());
  }

  private static Activation end(Activations current, Activation head) {
    return new Activation(
        head.model(),
        current.nextEpoch(),
        head.version(),
        Terms.ending(head.terms().scope(), Role.SERVE, null).at(Timing.URGENT),
        "rollback from " + head.version().shortSha());
  }
}
