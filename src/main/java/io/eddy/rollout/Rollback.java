package io.eddy.rollout;

import io.eddy.model.InvalidModelException;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activation.Timing;
import java.util.List;
import java.util.function.Predicate;

/** The way back to what a scope was served by before. */
public final class Rollback {
  private Rollback() {}

  /**
   * The activation that leads back, at once: to the version before, or, where a narrower scope had
   * none before, to what the next wider scope is served by. No series waits.
   *
   * @throws InvalidModelException where there is nothing to go back to
   */
  public static Activation of(String model, Scope scope, Activations now) {
    List<Activation> history = now.descending(scope, Role.SERVE);
    if (history.isEmpty()) {
      throw new InvalidModelException(
          "no version of model %s was ever activated%s",
          model, scope.equals(Scope.all()) ? "" : " for " + scope);
    }
    Activation head = history.get(0);
    for (Activation before : history) {
      if (isOther(before, head)) {
        return back(now, head, before);
      }
    }
    if (scope.equals(Scope.all())) {
      throw new InvalidModelException(
          "version %s is the only one that ever served: there is nothing to go back to",
          head.version().shortSha());
    }
    return end(now, head);
  }

  /**
   * The activation that takes one back for cause: leads its scope, at once, to the last version
   * that served there, can serve, and was not itself taken back for cause since. Where a narrower
   * scope has none, it ends what serves there.
   *
   * @param isServable whether a version can serve
   * @throws InvalidModelException where there is nothing to go back to
   */
  public static Activation forCause(
      Activation bad, Activations now, Predicate<Activation> isServable, String why) {
    Scope scope = bad.terms().scope();
    List<Activation> history = now.descending(scope, Role.SERVE);
    ActivationCause grounds = new ActivationCause(null, bad.epoch());
    String reason = "rolled back by itself from " + bad.version().shortSha() + ": " + why;
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
            now.nextEpoch(),
            before.version(),
            Terms.serving(scope, null).at(Timing.URGENT),
            reason,
            grounds);
      }
    }
    if (scope.equals(Scope.all())) {
      throw new InvalidModelException("there is no version to go back to");
    }
    return new Activation(
        bad.model(),
        now.nextEpoch(),
        bad.version(),
        Terms.ending(scope, Role.SERVE, null).at(Timing.URGENT),
        reason,
        grounds);
  }

  /** Whether its version was taken back for cause after it came to serve. */
  private static boolean isRevoked(Activation activation, List<Activation> history) {
    for (Activation one : history) {
      long revoked = one.grounds().revokes();
      if (one.epoch() > activation.epoch()
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

  private static boolean isOther(Activation before, Activation head) {
    return before.terms().isEnd() != head.terms().isEnd()
        || (!head.terms().isEnd() && !before.version().equals(head.version()));
  }

  private static Activation back(Activations now, Activation head, Activation before) {
    if (before.terms().isEnd()) {
      return end(now, head);
    }
    return new Activation(
        head.model(),
        now.nextEpoch(),
        before.version(),
        Terms.serving(head.terms().scope(), null).at(Timing.URGENT),
        head.terms().isEnd()
            ? "rollback from the end of epoch " + head.epoch()
            : "rollback from " + head.version().shortSha());
  }

  private static Activation end(Activations now, Activation head) {
    return new Activation(
        head.model(),
        now.nextEpoch(),
        head.version(),
        Terms.ending(head.terms().scope(), Role.SERVE, null).at(Timing.URGENT),
        "rollback from " + head.version().shortSha());
  }
}
