package io.eddy.kafka.config;

import io.eddy.admission.EventLimits;
import io.eddy.admission.LatenessPolicy;
import io.eddy.admission.SeriesLimits;
import io.eddy.forecast.alert.AlertRules;
import io.eddy.forecast.anomaly.AnomalyPolicy;
import io.eddy.kafka.event.NullValues;
import io.eddy.rollout.MigrationThrottle;
import io.eddy.rollout.ModelLimits;

/** Builds stream policies from the defaults and a few other values. */
public final class StreamPoliciesBuilder {
  private LatenessPolicy lateness = StreamPolicies.DEFAULT.lateness();
  private EventLimits limits = StreamPolicies.DEFAULT.limits();
  private SeriesLimits series = StreamPolicies.DEFAULT.series();
  private NullValues nullValues = StreamPolicies.DEFAULT.nullValues();
  private ModelLimits modelLimits = StreamPolicies.DEFAULT.models().limits();
  private MigrationThrottle migration = StreamPolicies.DEFAULT.models().migration();

  private AnomalyPolicy anomalies = StreamPolicies.DEFAULT.anomalies();
  private AlertRules alerts = StreamPolicies.DEFAULT.alerts();

  private StreamPoliciesBuilder() {}

  public static StreamPoliciesBuilder policies() {
    return new StreamPoliciesBuilder();
  }

  public StreamPoliciesBuilder lateness(LatenessPolicy policy) {
    lateness = policy;
    return this;
  }

  public StreamPoliciesBuilder limits(EventLimits eventLimits) {
    limits = eventLimits;
    return this;
  }

  public StreamPoliciesBuilder series(SeriesLimits seriesLimits) {
    series = seriesLimits;
    return this;
  }

  public StreamPoliciesBuilder nullDeletes(boolean deletes) {
    return nullValues(deletes ? NullValues.DELETE : NullValues.DEAD_LETTER);
  }

  public StreamPoliciesBuilder nullValues(NullValues treatment) {
    nullValues = treatment;
    return this;
  }

  public StreamPoliciesBuilder modelLimits(ModelLimits limitsOfModels) {
    modelLimits = limitsOfModels;
    return this;
  }

  public StreamPoliciesBuilder migration(MigrationThrottle throttle) {
    migration = throttle;
    return this;
  }

  public StreamPoliciesBuilder anomalies(AnomalyPolicy policy) {
    anomalies = policy;
    return this;
  }

  public StreamPoliciesBuilder alerts(String rules) {
    alerts = AlertRules.parse(rules);
    return this;
  }

  public StreamPolicies build() {
    return new StreamPolicies(
        lateness,
        limits,
        series,
        nullValues,
        new ModelPolicies(modelLimits, migration),
        anomalies,
        alerts);
  }
}
