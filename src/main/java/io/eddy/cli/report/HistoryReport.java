package io.eddy.cli.report;

import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Table;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.ActivationText;
import io.eddy.rollout.Activations;
import io.eddy.rollout.PromotionRule;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** All activations of a model, the latest first, as a table and as JSON. */
public final class HistoryReport {
  private final List<Activation> activations;

  public HistoryReport(Activations activations) {
    this.activations = activations.descending();
  }

  /** Prints a row per activation. */
  public void print(Console console) {
    Table table =
        new Table()
            .right("epoch")
            .left("decided")
            .left("by")
            .left("decision")
            .left("version")
            .left("scope")
            .left("effective")
            .left("reason");
    for (Activation activation : activations) {
      Instant at = activation.cause().author().at();
      table.row(
          activation.epoch(),
          at == null ? "unknown" : at.truncatedTo(ChronoUnit.SECONDS),
          ActivationText.describe(activation.cause().author()),
          decision(activation),
          activation.version().shortSha(),
          activation.terms().scope(),
          ActivationText.describe(activation.terms().timing()),
          reason(activation));
    }
    table.print(console);
  }

  /** Returns the activations as a JSON array. */
  public String json() {
    return Json.write(activations.stream().map(ActivationReport::of).toList());
  }

  /** Returns what an activation does, for example {@code rolled back epoch 3}. */
  static String decision(Activation activation) {
    if (activation.cause().revokedEpoch() > 0) {
      return "rolled back epoch " + activation.cause().revokedEpoch();
    }
    boolean isServing = activation.terms().role() == Role.SERVE;
    if (activation.terms().isEnd()) {
      return isServing ? "ended" : "ended shadow";
    }
    if (isServing) {
      return "activated";
    }
    return activation.cause().promotionRule() == null ? "started shadow" : "set promotion rule";
  }

  private static String reason(Activation activation) {
    PromotionRule rule = activation.cause().promotionRule();
    if (rule == null) {
      return activation.reason();
    }
    String condition = "promote when %s, until %s".formatted(rule.condition(), rule.deadline());
    return activation.reason().isEmpty() ? condition : activation.reason() + "; " + condition;
  }
}
