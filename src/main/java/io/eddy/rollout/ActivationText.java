package io.eddy.rollout;

import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activation.Timing;
import java.time.Instant;

/** Descriptions of activations for operators. */
public final class ActivationText {
  private ActivationText() {}

  /** Describes an activation in a line, without its reason and author. */
  public static String describe(Activation activation) {
    Terms terms = activation.terms();
    String verb = terms.role() == Role.SERVE ? "serves" : "shadows";
    String ending = terms.role() == Role.SERVE ? "stops serving" : "stops shadowing";
    return "version %s %s %s under epoch %d, effective %s"
        .formatted(
            activation.version().shortSha(),
            terms.isEnd() ? ending : verb,
            subject(activation),
            activation.epoch(),
            describe(terms.timing()));
  }

  /** Describes when an activation takes effect, for example {@code immediately}. */
  public static String describe(Timing timing) {
    Long fromMs = timing.fromMs();
    if (fromMs == null) {
      return timing.isUrgent() ? "immediately, not throttled" : "immediately";
    }
    Instant begin = Instant.ofEpochMilli(fromMs);
    return timing.spreadMs() == 0
        ? "from " + begin
        : "from " + begin + " to " + begin.plusMillis(timing.spreadMs()) + ", series by series";
  }

  /** Describes who decided, for example {@code application plant, host-1}. */
  public static String describe(Author author) {
    if (author.application() != null) {
      return "application " + author.application() + ", " + author.name();
    }
    return author.name().isEmpty() ? "unknown" : author.name();
  }

  private static String subject(Activation activation) {
    Scope scope = activation.terms().scope();
    String model = "model " + activation.model();
    return scope.equals(Scope.all()) ? model : scope + " of " + model;
  }
}
