package io.eddy.cli;

import io.eddy.series.Arrival;
import io.eddy.stream.StreamPolicies;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;

/** The settings of how events are taken that are not as they should be. */
final class PolicySettings {
  private static final String LATENESS = "events.lateness";
  private static final String REMEMBERED = "events.remembered";
  private static final String FORECAST_ON = "events.forecast-on";

  static final List<String> KEYS = List.of(LATENESS, REMEMBERED, FORECAST_ON);

  private final Properties properties;
  private final String where;

  /**
   * Settings.
   *
   * @param where begins every error
   */
  PolicySettings(Properties properties, String where) {
    this.properties = properties;
    this.where = where;
  }

  StreamPolicies read() {
    return new StreamPolicies(arrival());
  }

  private Arrival arrival() {
    Arrival usual = Arrival.IN_ORDER;
    Duration lateness = duration(LATENESS, usual.lateness());
    int remembered = integer(REMEMBERED, usual.remembered());
    boolean everyObservation = forecastOn();
    try {
      return new Arrival(lateness, remembered, everyObservation);
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + "events." + e.getMessage());
    }
  }

  private boolean forecastOn() {
    String text = text(FORECAST_ON, "step");
    if (!text.equals("step") && !text.equals("observation")) {
      throw new UsageException(
          "%s%s: expected step or observation, got '%s'".formatted(where, FORECAST_ON, text));
    }
    return text.equals("observation");
  }

  private Duration duration(String key, Duration usual) {
    String text = text(key, usual.toString());
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      throw new UsageException(
          "%s%s: expected a duration as in PT15M or P1D, got '%s'".formatted(where, key, text));
    }
  }

  private int integer(String key, int usual) {
    String text = text(key, Integer.toString(usual));
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new UsageException(
          "%s%s: expected a whole number, got '%s'".formatted(where, key, text));
    }
  }

  /** What is left out or empty has its default. */
  private String text(String key, String usual) {
    String text = properties.getProperty(key, "").strip();
    return text.isEmpty() ? usual : text;
  }
}
