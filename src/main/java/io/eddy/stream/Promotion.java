package io.eddy.stream;

import io.eddy.forecast.Activation;
import io.eddy.forecast.Activation.Role;
import io.eddy.forecast.Activation.Terms;
import io.eddy.forecast.Activations;
import io.eddy.forecast.Challenge;
import io.eddy.forecast.Grounds;
import io.eddy.forecast.Scope;
import io.eddy.model.InvalidModelException;
import java.util.List;

/** What becomes of a shadow. */
final class Promotion {
  private Promotion() {}

  /**
   * What shadows a scope.
   *
   * @throws InvalidModelException where nothing does
   */
  static Activation shadow(String model, Scope scope, Activations now) {
    List<Activation> history = now.descending(scope, Role.SHADOW);
    if (history.isEmpty() || history.get(0).terms().isEnd()) {
      throw new InvalidModelException(
          "no version of model %s shadows %s: `eddy models shadow VERSION` first", model, scope);
    }
    return history.get(0);
  }

  /** The shadow serves its scope, at once, and shadows no more. */
  static List<Activation> serve(Activation shadow, Activations now, String reason) {
    long epoch = now.nextEpoch();
    Terms terms = Terms.serving(shadow.terms().scope(), null);
    return List.of(
        new Activation(shadow.model(), epoch, shadow.version(), terms, reason),
        end(shadow, epoch + 1, reason));
  }

  /** The shadow is over. */
  static List<Activation> drop(Activation shadow, Activations now, String reason) {
    return List.of(end(shadow, now.nextEpoch(), reason));
  }

  private static Activation end(Activation shadow, long epoch, String reason) {
    Terms terms = Terms.ending(shadow.terms().scope(), Role.SHADOW, null);
    return new Activation(shadow.model(), epoch, shadow.version(), terms, reason);
  }

  /** The shadow goes on, and serves where it meets the challenge. */
  static Activation challenge(
      Activation shadow, Challenge challenge, Activations now, String reason) {
    return new Activation(
        shadow.model(),
        now.nextEpoch(),
        shadow.version(),
        shadow.terms(),
        reason,
        new Grounds(challenge, 0));
  }
}
