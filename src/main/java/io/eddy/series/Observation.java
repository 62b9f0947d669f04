package io.eddy.series;

import java.util.Objects;

/**
 * One raw event of one sensor.
 *
 * @param series the sensor, the Kafka key
 * @param timestampMs when it was measured, epoch milliseconds
 * @param value what was measured, finite, in the sensor's own unit
 */
public record Observation(String series, long timestampMs, double value) {
  public Observation {
    Objects.requireNonNull(series, "series");
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value: expected a finite number, got " + value);
    }
  }
}
