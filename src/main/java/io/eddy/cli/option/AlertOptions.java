package io.eddy.cli.option;

import io.eddy.cli.terminal.UsageException;
import io.eddy.dataset.SeriesData;
import io.eddy.forecast.alert.AlertRules;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for alerts from the series of a file. */
public final class AlertOptions {
  @Option(
      names = "--rule",
      paramLabel = "RULE",
      description =
          "Rule of alerts on the forecasts, such as 'pump-* > 80 within PT6H with probability 0.7'."
              + " May be repeated. Default: alerts.rules of the settings, if --alerts is given.")
  private List<String> rules = List.of();

  @Option(
      names = "--alerts",
      paramLabel = "FILE",
      description =
          "File for the alerts that fire or clear: series,origin,change,rule,probability,"
              + "expected_crossing,median,fired_origin,reason.")
  private @Nullable Path alerts;

  /** Returns the file of the alerts; null for none. */
  public @Nullable Path alerts() {
    return alerts;
  }

  /** Returns the first option that is given; null if none is. */
  public @Nullable String given() {
    return rules.isEmpty() ? alerts == null ? null : "--alerts" : "--rule";
  }

  /**
   * Returns the rules.
   *
   * @throws UsageException if a rule is invalid, if --alerts is given without rules, or if the
   *     model's forecasts give no probabilities
   */
  public AlertRules rules(EddyConfig settings, Model model) {
    AlertRules parsed = rules.isEmpty() ? ofSettings(settings) : parsed();
    String refusal = AlertRules.refusal(model.specification().output());
    if (!parsed.isEmpty() && !refusal.isEmpty()) {
      throw new UsageException("%s: %s".formatted(given(), refusal));
    }
    return parsed;
  }

  private AlertRules ofSettings(EddyConfig settings) {
    AlertRules ofSettings = settings.stream().policies().alerts();
    if (alerts != null && ofSettings.isEmpty()) {
      throw new UsageException("--alerts requires --rule, or alerts.rules in the settings");
    }
    return alerts == null ? AlertRules.NONE : ofSettings;
  }

  private AlertRules parsed() {
    for (String rule : rules) {
      parse(rule);
    }
    return parse(String.join(", ", rules));
  }

  private static AlertRules parse(String text) {
    try {
      return AlertRules.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--rule: %s, in: %s".formatted(e.getMessage(), text));
    }
  }

  /** Returns what limits rules: the model's horizon and the series, one sentence each. */
  public static List<String> limitations(AlertRules rules, Model model, List<SeriesData> series) {
    ModelSpecification specification = model.specification();
    List<String> sentences =
        new ArrayList<>(rules.unmatched(series.stream().map(SeriesData::name).toList()));
    sentences.addAll(
        rules.limitations(specification.sampling().interval(), specification.output().horizon()));
    return sentences;
  }
}
