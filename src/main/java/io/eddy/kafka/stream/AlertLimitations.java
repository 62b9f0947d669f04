package io.eddy.kafka.stream;

import io.eddy.forecast.alert.AlertRules;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.rollout.ServingVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs once for each version which rules of alerts its forecasts do not support. */
final class AlertLimitations {
  private static final Logger log = LoggerFactory.getLogger(AlertLimitations.class);

  private final AlertRules rules;
  private @Nullable Model logged;

  AlertLimitations(AlertRules rules) {
    this.rules = rules;
  }

  void log(@Nullable ServingVersion serving) {
    if (serving == null || rules.isEmpty() || serving.model() == logged) {
      return;
    }
    logged = serving.model();
    ModelSpecification specification = serving.model().specification();
    String version = serving.model().version().shortSha();
    String refusal = AlertRules.refusal(specification.output());
    if (!refusal.isEmpty()) {
      log.warn("version {} fires no alerts: alerts.rules: {}", version, refusal);
      return;
    }
    rules
        .limitations(specification.sampling().interval(), specification.output().horizon())
        .forEach(sentence -> log.warn("version {}: alerts.rules: {}", version, sentence));
  }
}
