package io.eddy.series.time;

/** Source of timestamps. It decides how local times are read if no zone is set. */
public enum TimestampSource {
  /** A column of a CSV file. Without a zone, local times are read as UTC and counted. */
  CSV("--zone", "--timestamp-format"),
  /** A field of an event. Without a zone, local times are rejected. */
  EVENT("events.zone", "events.timestamp-format");

  private final String zoneSetting;
  private final String formatSetting;

  TimestampSource(String zoneSetting, String formatSetting) {
    this.zoneSetting = zoneSetting;
    this.formatSetting = formatSetting;
  }

  /** Returns the name of the option or setting of the zone. */
  public String zoneSetting() {
    return zoneSetting;
  }

  /** Returns the name of the option or setting of the format. */
  public String formatSetting() {
    return formatSetting;
  }
}
