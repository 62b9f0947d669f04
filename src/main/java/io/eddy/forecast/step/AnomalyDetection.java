package io.eddy.forecast.step;

import io.eddy.forecast.anomaly.AnomalyPolicy;
import io.eddy.forecast.anomaly.AnomalySettings;
import io.eddy.forecast.anomaly.DetectorParameters;
import io.eddy.series.Interval;
import org.jspecify.annotations.Nullable;

/**
 * A policy for anomalies, with the parameters of the detectors that it last needed. Used by one
 * thread.
 */
public final class AnomalyDetection {
  private final AnomalyPolicy policy;
  private @Nullable Interval interval;
  private @Nullable DetectorParameters parameters;

  public AnomalyDetection(AnomalyPolicy policy) {
    this.policy = policy;
  }

  boolean isOff() {
    return policy.isOff();
  }

  /** Returns whether the score of every step is published. */
  boolean publishesAll() {
    return policy.output() == AnomalyPolicy.Output.ALL;
  }

  /** Returns the parameters of detectors for an interval. */
  DetectorParameters parameters(Interval of) {
    DetectorParameters known = parameters;
    if (known != null && of.equals(interval)) {
      return known;
    }
    long intervalMs = of.isFixed() ? of.fixedMs() : of.meanLength().toMillis();
    DetectorParameters computed =
        new DetectorParameters(new AnomalySettings(intervalMs, policy.expectedFalseAlarms()));
    interval = of;
    parameters = computed;
    return computed;
  }
}
