package io.eddy.kafka.check;

import io.eddy.codec.avro.SensorEvent;
import io.eddy.kafka.event.EventEncoding;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventTime;
import io.eddy.kafka.event.EventTree;
import io.eddy.kafka.event.KeyEncoding;
import io.eddy.kafka.event.KeyNames;
import io.eddy.kafka.event.SeriesKey;
import io.eddy.kafka.schema.SingleObjectEncoding;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.NumberText;
import io.eddy.series.time.TimestampFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Detects the mapping of a sample of events: the format from the majority of the records, and the
 * fields of time, values and key from their names and contents. Suggests nothing that it cannot
 * tell.
 */
public final class EventMappingDetector {
  private static final int MAX_RECORDS = 2000;
  private static final int MAX_NUMBER_LENGTH = 64;
  private static final List<String> SEPARATORS = List.of("|", ";", "~", "#", "::");

  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final List<EventRows.Event> trees = new ArrayList<>();
  private final EventMapping configured;
  private final Map<EventFormat, Integer> formats = new EnumMap<>(EventFormat.class);
  private int numbers;
  private int framed;

  /**
   * Creates a detector without records.
   *
   * @param configured the mapping of the settings
   */
  public EventMappingDetector(EventMapping configured) {
    this.configured = configured;
  }

  /** Adds a record; records beyond a maximum are ignored. */
  public void add(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    if (value == null || records.size() >= MAX_RECORDS) {
      return;
    }
    records.add(record);
    EventTree tree = EventTree.of(record, configured.encoding());
    if (isNumber(value)) {
      numbers++;
    } else if (tree != null) {
      trees.add(new EventRows.Event(record, tree.root()));
      formats.merge(tree.format(), 1, Integer::sum);
    } else if (isFramed(value)) {
      framed++;
    }
  }

  private static boolean isNumber(byte[] value) {
    return value.length <= MAX_NUMBER_LENGTH
        && NumberText.isNumber(new String(value, StandardCharsets.UTF_8).strip());
  }

  /** Returns whether a value may be in a binary encoding with a header. */
  private static boolean isFramed(byte[] value) {
    return value.length > 5 && (value[0] == 0 || (value[0] == (byte) 0xC3 && value[1] == 1));
  }

  /** Returns whether most records are Eddy's own Avro events. */
  private boolean areSensorEvents() {
    SingleObjectEncoding<SensorEvent> encoding =
        new SingleObjectEncoding<>(SensorEvent.getClassSchema());
    int read = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        var unused = encoding.decode(record.value());
        read++;
      } catch (InvalidRecordException e) {
        // Another event.
      }
    }
    return 2 * read >= records.size();
  }

  /** Returns what the records suggest. */
  public MappingDetection detect() {
    int max = Math.max(numbers, Math.max(trees.size(), framed));
    if (max == 0 || 2 * max < records.size()) {
      return nothing("no format of events is recognized in most of the records");
    }
    if (max == numbers) {
      return new MappingDetection(
          EventMapping.defaults(EventFormat.NUMBER, List.of()), false, List.of(), List.of());
    }
    if (max == framed) {
      return areSensorEvents()
          ? new MappingDetection(
              EventMapping.defaults(EventFormat.AVRO, List.of()), false, List.of(), List.of())
          : nothing(
              "the records are in a binary encoding whose schema is not known:"
                  + " set schema.registry.url or events.schema");
    }
    return detectFields();
  }

  private static MappingDetection nothing(String note) {
    return new MappingDetection(null, false, List.of(note), List.of());
  }

  /** Tries the events themselves and each list in them; takes the first with measured values. */
  private MappingDetection detectFields() {
    MappingDetection first = null;
    List<byte @Nullable []> recordKeys = new ArrayList<>();
    records.forEach(record -> recordKeys.add(record.key()));
    KeyNames keys =
        KeyNames.of(
            recordKeys, configured.key().encoding().schema(), configured.encoding().registry());
    for (String list : EventRows.lists(trees)) {
      MappingDetection detection = detect(EventRows.of(trees, list, keys), keys);
      if (detection.mapping() != null) {
        return detection;
      }
      first = first == null ? detection : first;
    }
    return first == null ? nothing("the events have no fields") : first;
  }

  private MappingDetection detect(EventRows rows, KeyNames keys) {
    List<String> notes = new ArrayList<>();
    TimeFields timeFields = new TimeFields(rows);
    FieldProfile time = timeFields.choose();
    FieldProfile unreadable = time == null ? timeFields.unreadable() : null;
    FieldProfile partial = time == null ? timeFields.partial() : null;
    ValueFields valueFields = new ValueFields(rows, time == null ? null : time.path());
    List<String> values = valueFields.choose();
    List<MappingDetection.Field> fields =
        rows.profiles().values().stream()
            .map(
                field ->
                    new MappingDetection.Field(
                        field.path(), field.shape(), field.count(), valueFields.use(field)))
            .toList();
    if (unreadable != null) {
      notes.add(
          "field %s: %s; %s"
              .formatted(unreadable.path(), unreadable.shape(), unreadable.timeProblem()));
    }
    if (partial != null) {
      notes.add(
          "field %s: a time, in %d of %d only"
              .formatted(partial.path(), partial.count(), rows.rows().size()));
    }
    if (values.isEmpty()) {
      notes.add("no field has measured numbers that vary");
    }
    if (values.isEmpty() || unreadable != null || partial != null) {
      return new MappingDetection(null, false, notes, fields);
    }
    return withKey(rows, new Fields(time, values, keys), notes, fields);
  }

  /** The fields that are chosen, and the names in the records' keys. */
  private record Fields(@Nullable FieldProfile time, List<String> values, KeyNames keys) {}

  private MappingDetection withKey(
      EventRows rows, Fields chosen, List<String> notes, List<MappingDetection.Field> fields) {
    FieldProfile time = chosen.time();
    for (List<String> group : groups(rows, chosen.values())) {
      KeyChooser.Choice choice =
          new KeyChooser(points(rows, time, group), rows.profiles().values()).choose();
      EventMapping mapping =
          choice == null ? null : mapping(rows, new Fields(time, group, chosen.keys()), choice);
      if (choice != null && mapping != null) {
        if (choice.fields().isEmpty() && !choice.usesRecordKey()) {
          notes.add("the events seem to be of one series, and neither keys nor fields name it");
        }
        FieldProfile.TimeField times = time == null ? null : time.time();
        boolean needsZone = times != null && times.isLocal() && configured.time().zone() == null;
        if (needsZone) {
          notes.add(
              "field %s: %s, times without a zone: set events.zone to their zone, which the events"
                      .formatted(Objects.requireNonNull(time).path(), time.shape())
                  + " do not tell");
        }
        return new MappingDetection(mapping, needsZone, notes, fields);
      }
    }
    notes.add(
        "no key tells the series apart: with each, series have different values of one time or a"
            + " single observation");
    return new MappingDetection(null, false, notes, fields);
  }

  /** Returns the values, and then those that occur together most often. */
  private static List<List<String>> groups(EventRows rows, List<String> values) {
    Map<Set<String>, Integer> groups = new HashMap<>();
    for (EventRows.Row row : rows.rows()) {
      Set<String> present = new LinkedHashSet<>(values);
      present.retainAll(row.fields().keySet());
      if (!present.isEmpty()) {
        groups.merge(present, 1, Integer::sum);
      }
    }
    Set<List<String>> all = new LinkedHashSet<>();
    all.add(values);
    groups.entrySet().stream()
        .max(
            Map.Entry.<Set<String>, Integer>comparingByValue()
                .thenComparing(entry -> entry.getKey().toString(), Comparator.reverseOrder()))
        .ifPresent(group -> all.add(List.copyOf(group.getKey())));
    return List.copyOf(all);
  }

  private static List<KeyChooser.Point> points(
      EventRows rows, @Nullable FieldProfile time, List<String> values) {
    FieldProfile.TimeField times = time == null ? null : time.time();
    List<KeyChooser.Point> points = new ArrayList<>();
    for (EventRows.Row row : rows.rows()) {
      String text = time == null ? null : row.fields().get(time.path());
      Long timeMs =
          times == null ? Long.valueOf(row.timestampMs()) : text == null ? null : times.read(text);
      for (String field : values) {
        String value = row.fields().get(field);
        if (value != null && timeMs != null) {
          points.add(new KeyChooser.Point(row, timeMs, field, value));
        }
      }
    }
    return points;
  }

  private @Nullable EventMapping mapping(EventRows rows, Fields chosen, KeyChooser.Choice choice) {
    try {
      return new EventMapping(
          encoding(),
          key(choice, chosen.keys(), separator(rows, choice)),
          time(chosen.time()).withZone(configured.time().zone()),
          chosen.values(),
          configured.covariates(),
          configured.words());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private EventEncoding encoding() {
    EventEncoding encoding = configured.encoding();
    EventFormat format =
        formats.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(EventFormat.JSON);
    boolean isAvro = format == EventFormat.AVRO;
    return new EventEncoding(
        format,
        isAvro ? encoding.schema() : null,
        isAvro && encoding.isPlain(),
        format.hasRegistry() ? encoding.registry() : null);
  }

  /** Returns a separator that no part of a name contains. */
  private String separator(EventRows rows, KeyChooser.Choice choice) {
    String given = configured.key().separator();
    if (choice.fields().size() + (choice.usesRecordKey() ? 1 : 0) < 2) {
      return given;
    }
    return Stream.concat(Stream.of(given), SEPARATORS.stream())
        .filter(separator -> rows.rows().stream().noneMatch(row -> has(row, choice, separator)))
        .findFirst()
        .orElse(given);
  }

  private static boolean has(EventRows.Row row, KeyChooser.Choice choice, String separator) {
    return (choice.usesRecordKey() && String.valueOf(row.key()).contains(separator))
        || choice.fields().stream()
            .anyMatch(field -> row.fields().getOrDefault(field, "").contains(separator));
  }

  private SeriesKey key(KeyChooser.Choice choice, KeyNames keys, String separator) {
    List<String> parts = new ArrayList<>();
    if (choice.usesRecordKey()) {
      parts.add(SeriesKey.RECORD);
      parts.addAll(choice.fields());
      return new SeriesKey(
          parts, separator, Objects.requireNonNullElse(keys.encoding(), KeyEncoding.STRING));
    }
    parts.addAll(choice.fields());
    if (parts.isEmpty()) {
      parts.add(SeriesKey.CONSTANT + records.get(0).topic());
    }
    return new SeriesKey(parts, separator);
  }

  private EventTime time(@Nullable FieldProfile field) {
    FieldProfile.TimeField times = field == null ? null : field.time();
    if (field == null || times == null) {
      return configured.time().field() == null || configured.time().isDefault()
          ? configured.time()
          : EventTime.RECORD_TIMESTAMP;
    }
    TimestampFormat format = isAuto(times.format()) ? TimestampFormat.AUTO : times.format();
    boolean isDefault = field.path().equals("timestamp") && format.equals(TimestampFormat.AUTO);
    return isDefault ? EventTime.DEFAULT : EventTime.ofField(field.path(), format);
  }

  private static boolean isAuto(TimestampFormat format) {
    return format.equals(TimestampFormat.MS)
        || format.equals(TimestampFormat.ISO_8601)
        || format.equals(TimestampFormat.RFC_1123);
  }
}
