package io.eddy.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.eddy.cli.terminal.Console;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.ActivationText;
import io.eddy.rollout.Activations;
import io.eddy.rollout.Author;
import io.eddy.rollout.PromotionRule;
import io.eddy.rollout.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An activation as JSON.
 *
 * @param role {@code serve} or {@code shadow}
 * @param effectiveFrom event time; null if effective immediately
 * @param spread span of the migrations, an ISO-8601 duration
 * @param ends whether it ends the role in the scope
 * @param when promotion rule of a shadow
 * @param until time limit of the promotion rule
 * @param revokes epoch that a rollback revokes
 * @param author user and host, or the instance that decided by rule
 * @param application application id of the instance that decided by rule
 * @param decidedAt time of the decision
 */
public record ActivationReport(
    long epoch,
    String version,
    String role,
    String scope,
    @Nullable String effectiveFrom,
    String spread,
    boolean urgent,
    boolean ends,
    String reason,
    @JsonInclude(Include.NON_NULL) @Nullable String when,
    @JsonInclude(Include.NON_NULL) @Nullable String until,
    @JsonInclude(Include.NON_NULL) @Nullable Long revokes,
    String author,
    @JsonInclude(Include.NON_NULL) @Nullable String application,
    @JsonInclude(Include.NON_NULL) @Nullable String decidedAt) {

  static ActivationReport of(Activation activation) {
    Activation.Terms terms = activation.terms();
    Long fromMs = terms.timing().fromMs();
    PromotionRule rule = activation.cause().promotionRule();
    Author author = activation.cause().author();
    long revokes = activation.cause().revokedEpoch();
    return new ActivationReport(
        activation.epoch(),
        activation.version().sha(),
        terms.role() == Role.SERVE ? "serve" : "shadow",
        terms.scope().toString(),
        fromMs == null ? null : Instant.ofEpochMilli(fromMs).toString(),
        Duration.ofMillis(terms.timing().spreadMs()).toString(),
        terms.timing().isUrgent(),
        terms.isEnd(),
        activation.reason(),
        rule == null ? null : rule.condition().toString(),
        rule == null ? null : rule.deadline().toString(),
        revokes > 0 ? revokes : null,
        author.name(),
        author.application(),
        author.at() == null ? null : author.at().toString());
  }

  /** Prints new activations, as text or as a JSON array. */
  public static void print(Console console, List<Activation> activations, boolean isJson) {
    if (isJson) {
      console.println("%s", Json.write(activations.stream().map(ActivationReport::of).toList()));
    } else {
      activations.forEach(activation -> console.println("%s", ActivationText.describe(activation)));
    }
  }

  /** Prints to standard error which narrower scopes an activation for all series leaves as is. */
  public static void printNarrowerScopes(Console console, Activations activations) {
    for (Activation head : activations.heads(Role.SERVE)) {
      if (!head.terms().scope().equals(Scope.all())) {
        console.printErr(
            "%s still has version %s under epoch %d; use `eddy models end` or --everywhere to end"
                + " it",
            head.terms().scope(), head.version().shortSha(), head.epoch());
      }
    }
  }
}
