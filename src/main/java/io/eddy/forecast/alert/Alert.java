package io.eddy.forecast.alert;

import io.eddy.forecast.Forecast;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of an alert.
 *
 * @param change whether the alert fired or cleared
 * @param rule name and text of the rule
 * @param origin of the forecast that changed the alert
 * @param firedMs origin of the forecast that fired it, epoch milliseconds
 * @param outlook what the forecast says
 * @param reason one sentence
 */
public record Alert(
    Change change,
    Rule rule,
    Forecast.Origin origin,
    long firedMs,
    Outlook outlook,
    String reason) {
  /** The change of an alert. */
  public enum Change {
    FIRED,
    CLEARED
  }

  /**
   * A rule.
   *
   * @param text the rule in its language; empty if it was removed
   * @param thresholds one, or two for a range; none if the rule was removed
   */
  public record Rule(String name, String text, List<Double> thresholds) {
    static Rule of(AlertRule rule) {
      return new Rule(rule.name(), rule.text(), rule.condition().thresholds());
    }

    static Rule removed(String name) {
      return new Rule(name, "", List.of());
    }
  }

  /**
   * The probability of a rule's condition by a forecast.
   *
   * @param probability largest one of the steps that count
   * @param crossingMs start of the first step that more likely meets the condition than not, or of
   *     the most likely step if there is none, epoch milliseconds; null for an alert that cleared
   * @param median of that step; NaN for an alert that cleared
   */
  public record Outlook(double probability, @Nullable Long crossingMs, double median) {
    static final Outlook NONE = new Outlook(0, null, Double.NaN);

    Outlook withoutCrossing() {
      return new Outlook(probability, null, Double.NaN);
    }
  }
}
