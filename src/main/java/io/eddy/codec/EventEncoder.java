package io.eddy.codec;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.eddy.codec.avro.SensorEvent;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** An observation to the bytes of an event; what {@link EventDecoder} reads back. */
public final class EventEncoder {
  private final EventFormat format;
  private final SingleObject<SensorEvent> sensorEvents = EventDecoder.newSensorEvents();

  public EventEncoder(EventFormat format) {
    this.format = format;
  }

  /** The record's value; a plain number has no place for covariates. */
  public byte[] encode(Observation observation) {
    return switch (format) {
      case NUMBER -> Double.toString(observation.value()).getBytes(StandardCharsets.UTF_8);
      case JSON -> json(observation).getBytes(StandardCharsets.UTF_8);
      case AVRO ->
          sensorEvents.encode(
              new SensorEvent(
                  Instant.ofEpochMilli(observation.timestampMs()),
                  observation.value(),
                  observation.covariates().isEmpty() ? null : observation.covariates().values()));
    };
  }

  private static String json(Observation observation) {
    StringBuilder json =
        new StringBuilder("{\"timestamp\":")
            .append(observation.timestampMs())
            .append(",\"value\":")
            .append(observation.value());
    observation
        .covariates()
        .values()
        .forEach(
            (name, value) ->
                json.append(",\"")
                    .append(JsonStringEncoder.getInstance().quoteAsString(name))
                    .append("\":")
                    .append(value));
    return json.append('}').toString();
  }
}
