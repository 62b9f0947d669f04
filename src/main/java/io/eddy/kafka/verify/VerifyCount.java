package io.eddy.kafka.verify;

/** What an audit counts. */
public enum VerifyCount {
  /** Events that the forecaster has processed. */
  EVENTS("events"),
  /** Forecasts that the replay gives. */
  EXPECTED("expected"),
  /** Forecasts on the topic. */
  FOUND("found"),
  /** Events whose forecast is missing. */
  LOST("lost"),
  /** Forecasts that say again what another of the same event says. */
  DUPLICATED("duplicated"),
  /** Forecasts of events that give none, or that are not there. */
  UNEXPECTED("unexpected"),
  /** Forecasts that are not what the replay gives. */
  DIFFERENT("different"),
  /** Events that gave no forecast since they cannot be used, or nothing served them. */
  DEAD_LETTERED("deadLettered"),
  /** Events that gave no forecast since their step was closed. */
  DROPPED("dropped"),
  /** Events without a value that deleted their series. */
  DELETED("deleted"),
  /** Events that joined an open step. */
  GATHERED("gathered"),
  /** Forecasts of which every bit was compared. */
  COMPARED("compared"),
  /** Forecasts of events that are no longer kept. */
  EVENT_DELETED("eventDeleted"),
  /**
   * Forecasts of events that are kept, after a state that goes back to events which are not; only
   * what does not depend on the state was compared.
   */
  STATE_UNKNOWN("stateUnknown"),
  /** Forecasts of a version that is no longer on the models topic. */
  VERSION_DELETED("versionDeleted"),
  /** Events that give a forecast which is no longer kept. */
  FORECAST_DELETED("forecastDeleted"),
  /**
   * Forecasts of events for which an activation of event time is effective that the forecaster did
   * not know of yet: it came after them.
   */
  BEFORE_ARRIVAL("beforeArrival"),
  /**
   * Forecasts for which an activation was passed over, since its version was not to be had: not
   * whole yet, or unsound.
   */
  PASSED_OVER("passedOver"),
  /**
   * Forecasts of series that kept their version a while, though another was to serve them at once:
   * what the moves of series may cost did not cover theirs yet.
   */
  WAITED("waited");

  private final String id;

  VerifyCount(String id) {
    this.id = id;
  }

  /** The name in results. */
  public String id() {
    return id;
  }
}
