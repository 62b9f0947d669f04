package io.eddy.forecast.anomaly;

import java.util.Locale;

/**
 * Selection of the anomalies of a stream that are published.
 *
 * @param output for each step or for each episode
 * @param expectedFalseAlarms episodes per series and 30 days that undisturbed data may cause
 */
public record AnomalyPolicy(Output output, double expectedFalseAlarms) {
  /** Detects nothing. */
  public static final AnomalyPolicy OFF =
      new AnomalyPolicy(Output.OFF, AnomalySettings.DEFAULT_EXPECTED_FALSE_ALARMS);

  /** Selects the steps that give a record. */
  public enum Output {
    OFF,
    /** The begin and the end of each episode. */
    EPISODES,
    /** Each step that has a value, and the begin and the end of each episode. */
    ALL;

    /** Returns the name used in settings. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the constant with a name. */
    public static Output of(String id) {
      return valueOf(id.toUpperCase(Locale.ROOT));
    }
  }

  public boolean isOff() {
    return output == Output.OFF;
  }
}
