package io.eddy.codec;

import io.eddy.codec.avro.SensorEvent;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** An observation to the bytes of an event; what {@link EventDecoder} reads back. */
public final class EventEncoder {
  private final EventFormat format;
  private final SingleObject<SensorEvent> sensorEvents =
      new SingleObject<>(SensorEvent.getClassSchema());

  public EventEncoder(EventFormat format) {
    this.format = format;
  }

  /** The record's value. */
  public byte[] encode(Observation observation) {
    return switch (format) {
      case NUMBER -> Double.toString(observation.value()).getBytes(StandardCharsets.UTF_8);
      case JSON ->
          ("{\"timestamp\":"
                  + observation.timestampMs()
                  + ",\"value\":"
                  + observation.value()
                  + "}")
              .getBytes(StandardCharsets.UTF_8);
      case AVRO ->
          sensorEvents.encode(
              new SensorEvent(
                  Instant.ofEpochMilli(observation.timestampMs()), observation.value()));
    };
  }
}
