package io.eddy.kafka.config;

import io.eddy.admission.EventLimits;
import io.eddy.admission.LatenessPolicy;
import io.eddy.admission.SeriesLimits;
import io.eddy.forecast.alert.AlertRules;
import io.eddy.forecast.anomaly.AnomalyPolicy;
import io.eddy.kafka.event.NullValues;

/**
 * Treatment of late, invalid and excess events, and of model versions.
 *
 * @param lateness treatment of observations that arrive out of order
 * @param limits accepted values and timestamps; other events become dead letters
 * @param series limits of each series and of the number of series
 * @param nullValues treatment of events with a null value
 * @param models limits of model versions and of state migration
 * @param anomalies that are detected and published
 * @param alerts rules on forecasts
 */
public record StreamPolicies(
    LatenessPolicy lateness,
    EventLimits limits,
    SeriesLimits series,
    NullValues nullValues,
    ModelPolicies models,
    AnomalyPolicy anomalies,
    AlertRules alerts) {
  /** Policies of a stream whose events arrive in order. */
  public static final StreamPolicies DEFAULT =
      new StreamPolicies(
          LatenessPolicy.IN_ORDER,
          EventLimits.NONE,
          SeriesLimits.DEFAULT,
          NullValues.DEAD_LETTER,
          ModelPolicies.DEFAULT,
          AnomalyPolicy.OFF,
          AlertRules.NONE);
}
