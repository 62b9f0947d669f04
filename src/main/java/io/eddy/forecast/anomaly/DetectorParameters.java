package io.eddy.forecast.anomaly;

/** The constants that all detectors of the same settings share; immutable. */
public final class DetectorParameters {
  private final SeasonClock clock;
  private final AlarmRate rate;

  /** Computes the constants of settings. */
  public DetectorParameters(AnomalySettings settings) {
    clock = new SeasonClock(settings.intervalMs());
    rate = new AlarmRate(settings.falseAlarmsPerStep());
  }

  SeasonClock clock() {
    return clock;
  }

  AlarmRate rate() {
    return rate;
  }
}
