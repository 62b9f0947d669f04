package io.eddy.codec;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.eddy.codec.avro.SensorEvent;
import io.eddy.series.LookAhead;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
                  observation.covariates().isEmpty() ? null : observation.covariates().values(),
                  observation.ahead().isEmpty() ? null : lists(observation.ahead())));
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
            (name, value) -> json.append(",\"").append(quoted(name)).append("\":").append(value));
    if (!observation.ahead().isEmpty()) {
      json.append(",\"ahead\":{");
      String separator = "";
      for (String name : observation.ahead().names()) {
        json.append(separator).append('"').append(quoted(name)).append("\":");
        json.append(
            Arrays.stream(observation.ahead().known(name))
                .mapToObj(number -> Double.isNaN(number) ? "null" : Double.toString(number))
                .collect(Collectors.joining(",", "[", "]")));
        separator = ",";
      }
      json.append('}');
    }
    return json.append('}').toString();
  }

  private static char[] quoted(String name) {
    return JsonStringEncoder.getInstance().quoteAsString(name);
  }

  private static Map<String, List<Double>> lists(LookAhead ahead) {
    Map<String, List<Double>> lists = new TreeMap<>();
    for (String name : ahead.names()) {
      lists.put(name, Arrays.stream(ahead.known(name)).boxed().toList());
    }
    return lists;
  }
}
