package io.eddy.forecast.alert;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The alerts of a series that have fired and not cleared. Immutable.
 *
 * @param all at most one for each rule
 */
public record ActiveAlerts(List<ActiveAlert> all) {
  /** No alert is active. */
  public static final ActiveAlerts NONE = new ActiveAlerts(List.of());

  public ActiveAlerts {
    all = List.copyOf(all);
  }

  /**
   * An active alert.
   *
   * @param rule name of the rule
   * @param firedMs origin of the forecast that fired it, epoch milliseconds
   * @param likelyMs origin of the last forecast with a probability not below the one to clear
   */
  public record ActiveAlert(String rule, long firedMs, long likelyMs) {}

  @Nullable ActiveAlert of(AlertRule rule) {
    for (ActiveAlert alert : all) {
      if (alert.rule().equals(rule.name())) {
        return alert;
      }
    }
    return null;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Returns these alerts with one added or replaced. */
  ActiveAlerts with(ActiveAlert changed) {
    List<ActiveAlert> others = others(changed.rule());
    others.add(changed);
    return new ActiveAlerts(others);
  }

  /** Returns these alerts without that of a rule. */
  ActiveAlerts without(String rule) {
    return new ActiveAlerts(others(rule));
  }

  private List<ActiveAlert> others(String rule) {
    List<ActiveAlert> others = new ArrayList<>(all);
    others.removeIf(alert -> alert.rule().equals(rule));
    return others;
  }
}
