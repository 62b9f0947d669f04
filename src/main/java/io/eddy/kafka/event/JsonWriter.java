package io.eddy.kafka.event;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Observation;
import java.util.List;

/** Writes an observation as a JSON object with the mapped fields. Used for one event. */
final class JsonWriter {
  private final EventMapping mapping;
  private final ObjectNode event = JsonNodeFactory.instance.objectNode();

  JsonWriter(EventMapping mapping) {
    this.mapping = mapping;
  }

  String write(EventEncoder.EventValue value) {
    Observation observation = value.observation();
    List<String> keys = mapping.key().fields();
    List<String> parts = keys.isEmpty() ? List.of() : mapping.key().split(value.key());
    for (int i = 0; i < keys.size(); i++) {
      String path = keys.get(i);
      parent(path).put(last(path), parts.get(i));
    }
    putTime(observation.timestampMs());
    parent(value.field()).put(last(value.field()), observation.value());
    observation
        .covariates()
        .values()
        .forEach(
            (name, number) -> {
              if (!name.equals(value.field())) {
                parent(name).put(last(name), number);
              }
            });
    if (!observation.futureCovariates().isEmpty()) {
      putAhead(observation.futureCovariates());
    }
    return event.toString();
  }

  private void putTime(long timestampMs) {
    String path = mapping.time().field();
    if (path == null) {
      return;
    }
    Object time = mapping.time().newWriter().write(timestampMs);
    ObjectNode parent = parent(path);
    if (time instanceof Long number) {
      parent.put(last(path), number);
    } else if (time instanceof Double number) {
      parent.put(last(path), number);
    } else {
      parent.put(last(path), time.toString());
    }
  }

  private void putAhead(FutureCovariates ahead) {
    ObjectNode lists = event.putObject(JsonEvents.AHEAD);
    for (String name : ahead.names()) {
      ArrayNode list = lists.putArray(name);
      for (double number : ahead.values(name)) {
        if (Double.isNaN(number)) {
          list.addNull();
        } else {
          list.add(number);
        }
      }
    }
  }

  /** Returns the object that contains the last name of a path, and creates it if necessary. */
  private ObjectNode parent(String path) {
    ObjectNode node = event;
    int from = 0;
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', from)) {
      String name = path.substring(from, dot);
      node = node.get(name) instanceof ObjectNode child ? child : node.putObject(name);
      from = dot + 1;
    }
    return node;
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
