package io.eddy.serving.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.eddy.kafka.state.StoredSeries;

/**
 * A closed step, in JSON an array of its time and value.
 *
 * @param value NaN, in JSON null, if nothing was measured
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"timeMs", "value"})
record StepDocument(long timeMs, double value) {
  static StepDocument of(StoredSeries.Step step) {
    return new StepDocument(step.timeMs(), step.value());
  }
}
