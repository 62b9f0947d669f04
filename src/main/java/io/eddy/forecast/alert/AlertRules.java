package io.eddy.forecast.alert;

import io.eddy.forecast.Forecast;
import io.eddy.model.ModelSpecification;
import io.eddy.series.Interval;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Rules on forecasts, separated by commas:
 *
 * <pre>
 *   [NAME:] SERIES CONDITION [within SPAN] [with probability P] [clear below P [after SPAN]]
 *
 *   SERIES      a name, or a prefix and *; in double quotes if it has spaces or any of , &lt; &gt; =
 *   CONDITION   &gt; X, &gt;= X, &lt; X, &lt;= X or outside X..X, in the unit of the series
 *   SPAN        a duration, or N steps
 * </pre>
 *
 * <p>Without a span, all steps of the forecast count. The default probability is 0.5, that to clear
 * is 0.7 of it.
 */
public final class AlertRules {
  /** No rules. */
  public static final AlertRules NONE = new AlertRules(List.of());

  /** A rule, to complete the sentence "expected …". */
  public static final String DESCRIPTION =
      "rules separated by commas, such as temperature > 80 within PT6H with probability 0.7";

  private final List<AlertRule> rules;

  private AlertRules(List<AlertRule> rules) {
    this.rules = rules;
  }

  /**
   * Parses rules.
   *
   * @param text one or several rules, or blank for none
   * @throws IllegalArgumentException saying what was expected at which character
   */
  public static AlertRules parse(String text) {
    return text.isBlank() ? NONE : new AlertRules(List.copyOf(new RuleParser(text).rules()));
  }

  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /** Returns the rules in their order. */
  public List<AlertRule> all() {
    return rules;
  }

  /** Returns whether these rules have the rule of an alert, with the same text. */
  public boolean contains(Alert.Rule rule) {
    return rules.stream()
        .anyMatch(own -> own.name().equals(rule.name()) && own.text().equals(rule.text()));
  }

  /** Returns whether a rule of this name exists. */
  boolean contains(String name) {
    return rules.stream().anyMatch(rule -> rule.name().equals(name));
  }

  /** Returns why a model's forecasts give no probabilities, or an empty text if they do. */
  public static String refusal(ModelSpecification.Output output) {
    return output.quantileLevels().size() >= 2
        ? ""
        : "rules need the probability of a value, which forecasts without quantiles do not give";
  }

  /** Returns the limitations that a model puts on the rules, one sentence each. */
  public List<String> limitations(Interval interval, int horizon) {
    List<String> sentences = new ArrayList<>();
    for (AlertRule rule : rules) {
      if (rule.within() != null && rule.within().steps(interval) > horizon) {
        sentences.add(
            "rule \"%s\": the forecast covers %d steps of %s, less than %s; only these count"
                .formatted(rule.name(), horizon, interval, rule.within()));
      }
    }
    return sentences;
  }

  /** Returns a sentence for each rule whose series is not among some names. */
  public List<String> unmatched(Collection<String> series) {
    return rules.stream()
        .filter(rule -> series.stream().noneMatch(rule.series()::matches))
        .map(rule -> "rule \"%s\": no series matches".formatted(rule.name()))
        .toList();
  }

  /** Returns whether a forecast can be evaluated. */
  static boolean isEvaluable(Forecast forecast) {
    return forecast.quantileLevels().size() >= 2 && forecast.isFinite();
  }

  @Override
  public String toString() {
    return String.join(", ", rules.stream().map(AlertRule::toString).toList());
  }
}
