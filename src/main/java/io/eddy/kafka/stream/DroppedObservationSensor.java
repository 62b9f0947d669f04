package io.eddy.kafka.stream;

import io.eddy.forecast.step.StepResult;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** Counts dropped observations by reason, as metrics of Kafka Streams. */
final class DroppedObservationSensor {
  private final Map<StepResult.Reason, Sensor> sensors = new EnumMap<>(StepResult.Reason.class);

  DroppedObservationSensor(ProcessorContext<byte[], byte[]> context) {
    for (StepResult.Reason reason : StepResult.Reason.values()) {
      String name = "dropped-" + reason.name().toLowerCase(Locale.ROOT);
      sensors.put(
          reason,
          context
              .metrics()
              .addRateTotalSensor(
                  "eddy", context.taskId().toString(), name, Sensor.RecordingLevel.INFO));
    }
  }

  void count(StepResult.Reason reason) {
    Objects.requireNonNull(sensors.get(reason)).record();
  }
}
