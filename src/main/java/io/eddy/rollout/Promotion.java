package io.eddy.rollout;

import io.eddy.model.InvalidModelException;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import java.util.List;

/** What becomes of a shadow. */
public final class Promotion {
  private Promotion() {}

  /**
   * What shadows a scope.
   *
   * @throws InvalidModelException where nothing does
   */
  public static Activation shadow(String model, Scope scope, Activations now) {
    List<Activation> history = now.descending(scope, Role.SHADOW);
    if (history.isEmpty() || history.get(0).terms().isEnd()) {
      throw new InvalidModelException(
          "no version of model %s shadows %s: `eddy models shadow VERSION` first", model, scope);
    }
    return history.get(0);
  }

  /** The shadow serves its scope, at once, and shadows no more. */
  public static List<Activation> serve(Activation shadow, Activations now, String reason) {
    long epoch = now.nextEpoch();
    Terms terms = Terms.serving(shadow.terms().scope(), null);
    return List.of(
        new Activation(shadow.model(), epoch, shadow.version(), terms, reason),
        end(shadow, epoch + 1, reason));
  }

  /** The shadow is over. */
  public static List<Activation> drop(Activation shadow, Activations now, String reason) {
    return List.of(end(shadow, now.nextEpoch(), reason));
  }

  private static Activation end(Activation shadow, long epoch, String reason) {
    Terms terms = Terms.ending(shadow.terms().scope(), Role.SHADOW, null);
    return new Activation(shadow.model(), epoch, shadow.version(), terms, reason);
  }

  /** The shadow goes on, and serves where it meets the challenge. */
  public static Activation challenge(
      Activation shadow, PromotionRule challenge, Activations now, String reason) {
    return new Activation(
        shadow.model(),
        now.nextEpoch(),
        shadow.version(),
        shadow.terms(),
        reason,
        new ActivationCause(challenge, 0));
  }
}
