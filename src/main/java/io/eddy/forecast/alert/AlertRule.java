package io.eddy.forecast.alert;

import io.eddy.forecast.Forecast;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A rule on the forecasts of one or several series. See {@link AlertRules} for the language.
 *
 * @param name unique among the rules; without one of its own, the rule's text
 * @param condition on the value of a step
 * @param within the steps ahead that count; null for the whole horizon
 * @param levels probabilities at which alerts fire and clear
 */
public record AlertRule(
    String name,
    SeriesPattern series,
    Condition condition,
    @Nullable Span within,
    AlertLevels levels) {
  /** Steps that an alert remains active at least, unless the rule says how long. */
  private static final int MIN_HOLD_STEPS = 24;

  /** Returns how many steps of a forecast count. */
  int steps(Forecast forecast) {
    return within == null ? forecast.horizon() : within.stepsOf(forecast);
  }

  /** Returns the number of steps without a likely crossing after which an alert clears. */
  long holdSteps(Forecast forecast) {
    Span hold = levels.hold();
    return hold == null
        ? Math.max(MIN_HOLD_STEPS, steps(forecast))
        : hold.steps(forecast.origin().interval());
  }

  boolean isClear(double probability) {
    return probability < levels.clear();
  }

  boolean isFiring(double probability) {
    return probability >= levels.fire();
  }

  /** Returns the rule in its language, without its name. */
  String text() {
    return "%s %s%s with probability %s%s"
        .formatted(
            quoted(series.toString()),
            condition,
            within == null ? "" : " within " + within,
            Condition.text(levels.fire()),
            levels.clearText());
  }

  /** Returns the rule in its language. */
  @Override
  public String toString() {
    String text = text();
    return name.equals(text) ? text : name + ": " + text;
  }

  private static String quoted(String series) {
    return RuleTokens.isWord(series) ? series : '"' + series + '"';
  }

  /** Returns the probability in words. */
  static String text(double probability) {
    return String.format(Locale.ROOT, "%.2f", probability);
  }
}
