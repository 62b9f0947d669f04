package io.eddy.kafka.record;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.anomaly.Anomaly;
import io.eddy.series.Interval;

/**
 * An anomaly as published to the anomalies topic. Two are equal if all bits are.
 *
 * @param model name of the model
 * @param source position of the event that gave it
 */
public record PublishedAnomaly(
    Anomaly anomaly, Subject subject, String model, SourcePosition source) {
  /**
   * The series that an anomaly belongs to.
   *
   * @param interval of its steps
   * @param served version that served the event
   * @param revision number of times that late observations revised the step
   */
  public record Subject(String series, Interval interval, Forecast.Served served, int revision) {
    /** Returns the subject of the anomalies that were found with a forecast. */
    public static Subject of(Forecast.Origin origin) {
      return new Subject(
          origin.series(), origin.interval(), origin.served(), origin.quality().revision());
    }
  }

  public String series() {
    return subject.series();
  }
}
