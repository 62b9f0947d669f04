package io.eddy.kafka.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.eddy.kafka.event.KeyNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A sample of events as rows: one for each event, or for each element of a list in the events, with
 * the fields around the list. Lists of lists, and lists of plain values, are left out.
 */
final class EventRows {
  private static final int MAX_ROWS = 5000;
  private static final int MAX_FIELDS = 300;

  private final List<Row> rows = new ArrayList<>();
  private final Map<String, FieldProfile> profiles = new LinkedHashMap<>();
  private final String list;
  private final KeyNames keys;

  /**
   * One row.
   *
   * @param key the record's key as text; null if it is none
   * @param timestampMs the record's timestamp, epoch milliseconds
   * @param fields the values by path
   */
  record Row(@Nullable String key, int partition, long timestampMs, Map<String, String> fields) {}

  /** An event before its list is chosen. */
  record Event(ConsumerRecord<byte[], byte[]> record, JsonNode tree) {}

  private EventRows(String list, KeyNames keys) {
    this.list = list;
    this.keys = keys;
  }

  /** Returns the paths of all lists of objects, from the outermost on; "" for the event itself. */
  static Set<String> lists(List<Event> events) {
    Set<String> lists = new LinkedHashSet<>();
    for (Event event : events) {
      if (event.tree().isObject()) {
        lists.add("");
      }
      collectLists("", event.tree(), lists);
    }
    return lists;
  }

  private static void collectLists(String path, JsonNode node, Set<String> lists) {
    if (node.isArray()) {
      for (JsonNode element : node) {
        if (element.isObject() && lists.size() < MAX_FIELDS) {
          lists.add(path + "[]");
          collectLists(path + "[]", element, lists);
        }
      }
    } else if (node.isObject()) {
      node.properties()
          .forEach(entry -> collectLists(join(path, entry.getKey()), entry.getValue(), lists));
    }
  }

  private static String join(String parent, String name) {
    return parent.isEmpty() ? name : parent + '.' + name;
  }

  /**
   * Returns the rows for the elements of a list.
   *
   * @param list path of the list; "" for one row per event
   * @param keys names in the records' keys
   */
  static EventRows of(List<Event> events, String list, KeyNames keys) {
    EventRows rows = new EventRows(list, keys);
    for (Event event : events) {
      if (list.isEmpty() ? event.tree().isObject() : true) {
        rows.addElements(event, new LinkedHashMap<>(), "", event.tree());
      }
    }
    rows.removeRareFields();
    return rows;
  }

  /** Adds the rows below a node of the chosen list's path. */
  private void addElements(Event event, Map<String, JsonNode> around, String path, JsonNode node) {
    if (rows.size() >= MAX_ROWS) {
      return;
    }
    Map<String, JsonNode> fields = new LinkedHashMap<>(around);
    if (node.isObject()) {
      scalars(path, node, fields);
    }
    if (path.equals(list)) {
      addRow(event, fields);
      return;
    }
    JsonNode inner = node.isArray() ? node : next(path, node);
    String innerPath = node.isArray() ? path + "[]" : nextList(path);
    if (inner != null && inner.isArray()) {
      for (JsonNode element : inner) {
        addElements(event, fields, innerPath, element);
      }
    }
  }

  /** Returns the path of the outermost list on the way from a path to the chosen list. */
  private String nextList(String path) {
    int end = list.indexOf("[]", path.length());
    return list.substring(0, end + 2);
  }

  private @Nullable JsonNode next(String path, JsonNode node) {
    String below = nextList(path);
    String name = below.substring(path.isEmpty() ? 0 : path.length() + 1, below.length() - 2);
    JsonNode found = node.get(name);
    for (String part : found == null ? name.split("\\.") : new String[0]) {
      found = (found == null ? node : found).get(part);
      if (found == null) {
        return null;
      }
    }
    return found;
  }

  private static void scalars(String path, JsonNode node, Map<String, JsonNode> fields) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String child = join(path, entry.getKey());
      if (entry.getValue().isObject()) {
        scalars(child, entry.getValue(), fields);
      } else if (entry.getValue().isValueNode()
          && !entry.getValue().isNull()
          && fields.size() < MAX_FIELDS) {
        fields.put(child, entry.getValue());
      }
    }
  }

  private void addRow(Event event, Map<String, JsonNode> fields) {
    Map<String, String> texts = new LinkedHashMap<>();
    fields.forEach(
        (path, value) -> {
          if (profiles.containsKey(path) || profiles.size() < MAX_FIELDS) {
            profiles.computeIfAbsent(path, FieldProfile::new).add(value);
            texts.put(
                path, value.isNumber() ? value.decimalValue().toPlainString() : value.asText());
          }
        });
    ConsumerRecord<byte[], byte[]> record = event.record();
    rows.add(new Row(keys.name(record.key()), record.partition(), record.timestamp(), texts));
  }

  private void removeRareFields() {
    Set<String> rare = new HashSet<>();
    profiles.forEach(
        (path, profile) -> {
          if (profile.count() < 0.01 * rows.size()) {
            rare.add(path);
          }
        });
    profiles.keySet().removeAll(rare);
  }

  List<Row> rows() {
    return rows;
  }

  /** Returns the fields of the rows, without rare ones. */
  Map<String, FieldProfile> profiles() {
    return profiles;
  }

  /** Returns the path of the list; "" for one row per event. */
  String list() {
    return list;
  }
}
