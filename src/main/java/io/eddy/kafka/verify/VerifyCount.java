package io.eddy.kafka.verify;

/** The counts in a {@link VerifyReport}. */
public enum VerifyCount {
  /** Events that the forecaster has processed. */
  EVENTS("events"),
  /** Forecasts that the replay produces. */
  EXPECTED("expected"),
  /** Forecasts on the topic. */
  FOUND("found"),
  /** Events whose forecast is missing. */
  LOST("lost"),
  /** Forecasts that repeat another forecast of the same event. */
  DUPLICATED("duplicated"),
  /** Forecasts whose event does not exist or does not produce one. */
  UNEXPECTED("unexpected"),
  /** Forecasts that differ from the replay. */
  DIFFERENT("different"),
  /** Events without a forecast because they were rejected or no version served them. */
  DEAD_LETTERED("deadLettered"),
  /** Events without a forecast because their step was already closed. */
  DROPPED("dropped"),
  /** Tombstones, which deleted their series. */
  DELETED("deleted"),
  /** Events that joined an open step. */
  GATHERED("gathered"),
  /** Forecasts that were compared bit by bit. */
  COMPARED("compared"),
  /** Alerts on the topic that equal those of the replay. */
  ALERTS("alerts"),
  /** Alerts on the topic that the present rules do not give, because others were in force. */
  ALERTS_OF_OTHER_RULES("alertsOfOtherRules"),
  /** Alerts that the present rules give at events at which others were in force. */
  ALERTS_BEFORE_RULES("alertsBeforeRules"),
  /** Forecasts whose event was deleted by retention. */
  EVENT_DELETED("eventDeleted"),
  /** Offsets of deleted events that no forecast names, behind the last one that a forecast does. */
  EXPIRED("expired"),
  /**
   * Forecasts whose event exists but whose state depends on deleted events. Only the fields that do
   * not depend on the state are compared.
   */
  STATE_UNKNOWN("stateUnknown"),
  /** Forecasts of a version that is no longer on the models topic. */
  VERSION_DELETED("versionDeleted"),
  /** Events whose forecast was deleted by retention. */
  FORECAST_DELETED("forecastDeleted"),
  /** Forecasts made before an activation arrived that is effective at their event's time. */
  ACTIVATION_LATE("activationLate"),
  /** Forecasts that skipped an activation because its version was incomplete or invalid. */
  ACTIVATION_SKIPPED("activationSkipped"),
  /** Forecasts of series that kept their version until the throttle allowed their migration. */
  MIGRATION_PENDING("migrationPending"),
  /** Anomalies that the replay gives and that are compared. */
  ANOMALIES_EXPECTED("anomaliesExpected"),
  /** Anomalies on the topic. */
  ANOMALIES_FOUND("anomaliesFound"),
  /** Anomalies that are missing. */
  ANOMALIES_LOST("anomaliesLost"),
  /** Anomalies that repeat another one of the same event. */
  ANOMALIES_DUPLICATED("anomaliesDuplicated"),
  /** Anomalies that no event gives. */
  ANOMALIES_UNEXPECTED("anomaliesUnexpected"),
  /** Anomalies that differ from the replay. */
  ANOMALIES_DIFFERENT("anomaliesDifferent"),
  /** Anomalies that depend on deleted events or versions. */
  ANOMALIES_UNKNOWN("anomaliesUnknown");

  private final String id;

  VerifyCount(String id) {
    this.id = id;
  }

  /** Returns the name used in JSON. */
  public String id() {
    return id;
  }
}
