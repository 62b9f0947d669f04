package io.eddy.kafka.event;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Observation;

/** Writes an observation as a JSON object with the mapped fields. Used for one event. */
final class JsonWriter {
  private final EventMapping mapping;
  private final ObjectNode event = JsonNodeFactory.instance.objectNode();

  JsonWriter(EventMapping mapping) {
    this.mapping = mapping;
  }

  String write(EventEncoder.EventValue value) {
    Observation observation = value.observation();
    mapping
        .key()
        .valueParts(value.key())
        .forEach((path, part) -> parent(path).put(last(path), part));
    putTime(observation.timestampMs());
    putValue(value.field(), observation.value());
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
    return value.field().startsWith(FieldPath.LIST) ? "[" + event + "]" : event.toString();
  }

  private void putValue(String path, double number) {
    String name = last(path);
    if (path.endsWith(FieldPath.LIST)) {
      parent(path).putArray(name).add(number);
    } else {
      parent(path).put(name, number);
    }
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
      node = name.endsWith(FieldPath.LIST) ? element(node, withoutList(name)) : child(node, name);
      from = dot + 1;
    }
    return node;
  }

  private static ObjectNode child(ObjectNode node, String name) {
    return node.get(name) instanceof ObjectNode child ? child : node.putObject(name);
  }

  /** Returns the only element of a list; that of the event itself, which has no name, is a node. */
  private static ObjectNode element(ObjectNode node, String name) {
    if (name.isEmpty()) {
      return node;
    }
    return node.get(name) instanceof ArrayNode list && list.get(0) instanceof ObjectNode element
        ? element
        : node.putArray(name).addObject();
  }

  private static String last(String path) {
    return withoutList(path.substring(path.lastIndexOf('.') + 1));
  }

  private static String withoutList(String name) {
    return name.endsWith(FieldPath.LIST)
        ? name.substring(0, name.length() - FieldPath.LIST.length())
        : name;
  }
}
