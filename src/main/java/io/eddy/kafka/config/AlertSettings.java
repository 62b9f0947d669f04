package io.eddy.kafka.config;

import io.eddy.forecast.alert.AlertRules;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Settings of alerts. */
final class AlertSettings {
  private static final String RULES = "alerts.rules";

  private AlertSettings() {}

  static void define(ConfigDef definition) {
    definition.define(
        RULES,
        ConfigDef.Type.STRING,
        null,
        Validators.text(AlertRules.DESCRIPTION, text -> problem(text).isEmpty()),
        Importance.MEDIUM,
        "Rules on forecasts, separated by commas. Alerts that fire or clear are published to"
            + " topic.alerts. A rule has a series or a prefix such as pump-*, a condition (`>`,"
            + " `>=`, `<`, `<=` or `outside 10..20`) in the unit of the series, and optionally"
            + " `within PT6H`, `with probability 0.7`, and `clear below 0.4 after PT1H`. A name and"
            + " a colon may precede it: `hot: pump-* > 80`.",
        "Alerts",
        1,
        Width.LONG,
        "Rules");
  }

  /** Returns what is wrong with rules; empty if nothing is. */
  static String problem(String text) {
    try {
      var unused = AlertRules.parse(text);
      return "";
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  static AlertRules rules(SettingValues values) {
    String text = values.optionalText(RULES);
    return text == null ? AlertRules.NONE : AlertRules.parse(text);
  }
}
