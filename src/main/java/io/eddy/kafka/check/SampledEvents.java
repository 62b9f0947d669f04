package io.eddy.kafka.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.eddy.codec.avro.SensorEvent;
import io.eddy.kafka.event.EventEncoding;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventTree;
import io.eddy.kafka.schema.SingleObjectEncoding;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.NumberText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Records of a sample, with the fields of those that have a known format. */
final class SampledEvents {
  private static final int MAX_RECORDS = 2000;
  private static final int MAX_NUMBER_LENGTH = 64;
  private static final int MAX_WORDS = 6;

  private final EventEncoding encoding;
  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final Map<EventFormat, List<EventRows.Event>> events = new EnumMap<>(EventFormat.class);
  private final Map<EventFormat, Integer> counts = new EnumMap<>(EventFormat.class);
  private int numbers;
  private int framed;

  /** Short texts of no known format; null as soon as there are too many different ones. */
  private @Nullable Set<String> words = new HashSet<>();

  private int wordRecords;

  SampledEvents(EventEncoding encoding) {
    this.encoding = encoding;
  }

  /** Adds a record. Records beyond a maximum, without a value, or of deleted rows are left out. */
  void add(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    if (value == null || records.size() >= MAX_RECORDS) {
      return;
    }
    EventTree tree = isNumber(value) ? null : EventTree.of(record, encoding);
    if (tree != null && tree.isDeletedRow()) {
      return;
    }
    records.add(record);
    if (isNumber(value)) {
      numbers++;
    } else if (tree != null) {
      add(record, tree);
    } else if (isFramed(value)) {
      framed++;
    } else if (words != null) {
      addWord(new String(value, StandardCharsets.UTF_8).strip());
    }
  }

  private void addWord(String word) {
    boolean isShort = !word.isEmpty() && word.length() <= MAX_NUMBER_LENGTH;
    if (words == null || !isShort || (!words.contains(word) && words.size() >= MAX_WORDS)) {
      words = null;
      return;
    }
    words.add(word);
    wordRecords++;
  }

  private void add(ConsumerRecord<byte[], byte[]> record, EventTree tree) {
    List<EventRows.Event> same = events.computeIfAbsent(tree.format(), absent -> new ArrayList<>());
    for (JsonNode root : tree.roots()) {
      same.add(new EventRows.Event(record, root));
    }
    counts.merge(tree.format(), 1, Integer::sum);
  }

  private static boolean isNumber(byte[] value) {
    return value.length <= MAX_NUMBER_LENGTH
        && NumberText.isNumber(new String(value, StandardCharsets.UTF_8).strip());
  }

  /** Returns whether a value may be in a binary encoding with a header. */
  private static boolean isFramed(byte[] value) {
    return value.length > 5 && (value[0] == 0 || (value[0] == (byte) 0xC3 && value[1] == 1));
  }

  List<ConsumerRecord<byte[], byte[]>> records() {
    return records;
  }

  /** Returns the most frequent format of events with fields; JSON if there are none. */
  EventFormat format() {
    return counts.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(EventFormat.JSON);
  }

  /** Returns whether most events with fields are line protocol. */
  boolean isInflux() {
    return format() == EventFormat.INFLUX;
  }

  /** Returns the events of the most frequent format. */
  List<EventRows.Event> events() {
    return events.getOrDefault(format(), List.of());
  }

  /** Returns the number of records in the most frequent format with fields. */
  int withFields() {
    return counts.getOrDefault(format(), 0);
  }

  /** Returns the number of records that are a number as text, or one of {@link #words()}. */
  int numbers() {
    return words().isEmpty() ? numbers : numbers + wordRecords;
  }

  /** Returns the words of states that are the whole value of records, with their numbers. */
  Map<String, Double> words() {
    Map<String, Double> states = words == null ? null : StateWords.numbers(words);
    return states == null ? Map.of() : states;
  }

  /** Returns the number of records in a binary encoding whose schema is not known. */
  int framed() {
    return framed;
  }

  /** Returns whether most records are Eddy's own Avro events. */
  boolean areSensorEvents() {
    SingleObjectEncoding<SensorEvent> sensorEvents =
        new SingleObjectEncoding<>(SensorEvent.getClassSchema());
    int read = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        var unused = sensorEvents.decode(record.value());
        read++;
      } catch (InvalidRecordException e) {
        // Another event.
      }
    }
    return 2 * read >= records.size();
  }
}
