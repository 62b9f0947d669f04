package io.eddy.rollout;

import io.eddy.model.InvalidModelException;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import java.util.List;

/** The activations that promote or drop a shadow version. */
public final class Promotion {
  private Promotion() {}

  /**
   * Returns the activation of a scope's shadow.
   *
   * @throws InvalidModelException if the scope has no shadow
   */
  public static Activation shadow(String model, Scope scope, Activations current) {
    List<Activation> history = current.descending(scope, Role.SHADOW);
    if (history.isEmpty() || history.get(0).terms().isEnd()) {
      throw new InvalidModelException(
          "no version of model %s shadows %s; run `eddy models shadow VERSION` first",
          model, scope);
    }
    return history.get(0);
  }

  /** Returns the activation of the shadow as serving version, and the end of the shadow. */
  public static List<Activation> promote(Activation shadow, Activations current, String reason) {
    long epoch = current.nextEpoch();
    Terms terms = Terms.serving(shadow.terms().scope(), null);
    return List.of(
        new Activation(shadow.model(), epoch, shadow.version(), terms, reason),
        end(shadow, epoch + 1, reason));
  }

  /** Returns the end of the shadow. */
  public static List<Activation> drop(Activation shadow, Activations current, String reason) {
    return List.of(end(shadow, current.nextEpoch(), reason));
  }

  private static Activation end(Activation shadow, long epoch, String reason) {
    Terms terms = Terms.ending(shadow.terms().scope(), Role.SHADOW, null);
    return new Activation(shadow.model(), epoch, shadow.version(), terms, reason);
  }

  /** Returns the shadow's activation with a promotion rule. */
  public static Activation withRule(
      Activation shadow, PromotionRule rule, Activations current, String reason) {
    return new Activation(
        shadow.model(),
        current.nextEpoch(),
        shadow.version(),
        shadow.terms(),
        reason,
        new ActivationCause(rule, 0));
  }
}
