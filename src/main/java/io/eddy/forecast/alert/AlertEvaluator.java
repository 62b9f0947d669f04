package io.eddy.forecast.alert;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.alert.ActiveAlerts.ActiveAlert;
import io.eddy.forecast.alert.Alert.Change;
import io.eddy.forecast.alert.Alert.Outlook;
import io.eddy.series.Interval;
import io.eddy.series.store.SeriesStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the rules on the forecasts of a series.
 *
 * <p>The probability of a rule is the largest one of its steps. The probability that any of the
 * steps meets the condition is at least as large, and close to it where the errors of neighbouring
 * steps are strongly correlated, as those of forecasts from one origin are. A sum or product over
 * the steps would assume independent errors and overstate it.
 *
 * <p>An alert fires when the probability is at least that of the rule. It clears when the
 * probability has been below the lower one for as many steps as the rule looks ahead, at least 24,
 * or as the rule says. An alert therefore stays active for some time, also if the probability
 * varies around the threshold.
 */
public final class AlertEvaluator {
  private final AlertRules rules;

  public AlertEvaluator(AlertRules rules) {
    this.rules = rules;
  }

  /**
   * Evaluates a forecast, and stores the alerts that are active afterwards.
   *
   * @param store of the series; modified if an alert is or was active
   * @return what changed, in the order of the rules
   */
  public List<Alert> evaluate(Forecast forecast, SeriesStore store) {
    if (rules.isEmpty() || !AlertRules.isEvaluable(forecast)) {
      return List.of();
    }
    ActiveAlerts stored = store.get(AlertKey.ACTIVE);
    ActiveAlerts before = stored == null ? ActiveAlerts.NONE : stored;
    List<Alert> changes = new ArrayList<>();
    ActiveAlerts after = evaluate(forecast, before, changes);
    if (!after.isEmpty()) {
      store.put(AlertKey.ACTIVE, after);
    } else if (!before.isEmpty()) {
      store.delete(AlertKey.ACTIVE);
    }
    return changes;
  }

  private ActiveAlerts evaluate(Forecast forecast, ActiveAlerts before, List<Alert> changes) {
    ActiveAlerts after = before;
    for (ActiveAlert active : before.all()) {
      if (!rules.contains(active.rule())) {
        after = after.without(active.rule());
        changes.add(removed(active, forecast.origin()));
      }
    }
    StepDistribution distribution = null;
    for (AlertRule rule : rules.all()) {
      if (rule.series().matches(forecast.origin().series())) {
        distribution = distribution == null ? distribution(forecast) : distribution;
        after = evaluate(rule, new Evaluated(forecast, distribution), after, changes);
      }
    }
    return after;
  }

  private static StepDistribution distribution(Forecast forecast) {
    return new StepDistribution(forecast.quantileLevels(), forecast.values());
  }

  /** A forecast and its distribution. */
  private record Evaluated(Forecast forecast, StepDistribution distribution) {
    long originMs() {
      return forecast.origin().timestampMs();
    }

    Outlook outlook(AlertRule rule) {
      int steps = rule.steps(forecast);
      double largest = -1;
      int likeliest = 1;
      int crossing = 0;
      for (int step = 1; step <= steps; step++) {
        distribution.moveTo(step);
        double probability = rule.condition().probability(distribution);
        if (probability > largest) {
          largest = probability;
          likeliest = step;
        }
        crossing = crossing == 0 && probability >= 0.5 ? step : crossing;
      }
      int expected = crossing == 0 ? likeliest : crossing;
      return new Outlook(largest, forecast.timestampMs(expected), forecast.median(expected));
    }
  }

  private static ActiveAlerts evaluate(
      AlertRule rule, Evaluated evaluated, ActiveAlerts before, List<Alert> changes) {
    Outlook outlook = evaluated.outlook(rule);
    ActiveAlert active = before.of(rule);
    if (active == null) {
      if (!rule.isFiring(outlook.probability())) {
        return before;
      }
      changes.add(fired(rule, evaluated.forecast().origin(), outlook));
      return before.with(new ActiveAlert(rule.name(), evaluated.originMs(), evaluated.originMs()));
    }
    if (!rule.isClear(outlook.probability())) {
      return before.with(new ActiveAlert(rule.name(), active.firedMs(), evaluated.originMs()));
    }
    if (!hasHeld(rule, active, evaluated.forecast())) {
      return before;
    }
    changes.add(cleared(rule, active, evaluated.forecast().origin(), outlook));
    return before.without(rule.name());
  }

  private static boolean hasHeld(AlertRule rule, ActiveAlert active, Forecast forecast) {
    Interval interval = forecast.origin().interval();
    long steps = forecast.originStep() - interval.stepOf(active.likelyMs());
    return steps >= rule.holdSteps(forecast);
  }

  private static Alert fired(AlertRule rule, Forecast.Origin origin, Outlook outlook) {
    String reason =
        "%s is forecast to be %s%s with probability %s; the crossing is expected at %s, with a median of %s."
            .formatted(
                origin.series(),
                rule.condition().words(),
                within(rule),
                AlertRule.text(outlook.probability()),
                time(outlook.crossingMs()),
                (float) outlook.median());
    return new Alert(
        Change.FIRED, Alert.Rule.of(rule), origin, origin.timestampMs(), outlook, reason);
  }

  private static Alert cleared(
      AlertRule rule, ActiveAlert active, Forecast.Origin origin, Outlook outlook) {
    String reason =
        "The probability that %s is %s%s has been below %s since %s; it is now %s."
            .formatted(
                origin.series(),
                rule.condition().words(),
                within(rule),
                AlertRule.text(rule.levels().clear()),
                time(origin.interval().plusSteps(active.likelyMs(), 1)),
                AlertRule.text(outlook.probability()));
    return new Alert(
        Change.CLEARED,
        Alert.Rule.of(rule),
        origin,
        active.firedMs(),
        outlook.withoutCrossing(),
        reason);
  }

  private static Alert removed(ActiveAlert active, Forecast.Origin origin) {
    return new Alert(
        Change.CLEARED,
        Alert.Rule.removed(active.rule()),
        origin,
        active.firedMs(),
        Outlook.NONE,
        "The rule was removed from the settings.");
  }

  private static String within(AlertRule rule) {
    return rule.within() == null ? "" : " within " + rule.within();
  }

  private static String time(@Nullable Long timestampMs) {
    return timestampMs == null ? "" : Instant.ofEpochMilli(timestampMs).toString();
  }
}
