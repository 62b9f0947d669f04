package io.eddy.kafka.check;

import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.KeyNames;
import io.eddy.kafka.event.ValueWords;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Detects the mapping of a sample of events: the format from the majority of the records, and the
 * fields of time, values and key from their names and contents. Suggests nothing that it cannot
 * tell.
 */
public final class EventMappingDetector {
  private final EventMapping configured;
  private final SampledEvents sample;

  /**
   * Creates a detector without records.
   *
   * @param configured the mapping of the settings
   */
  public EventMappingDetector(EventMapping configured) {
    this.configured = configured;
    sample = new SampledEvents(configured.encoding());
  }

  /** Adds a record; records beyond a maximum are ignored. */
  public void add(ConsumerRecord<byte[], byte[]> record) {
    sample.add(record);
  }

  /** Returns what the records suggest. */
  public MappingDetection detect() {
    int max = Math.max(sample.numbers(), Math.max(sample.withFields(), sample.framed()));
    if (max == 0 || 2 * max < sample.records().size()) {
      return nothing("no format of events is recognized in most of the records");
    }
    if (max == sample.numbers()) {
      return numbers();
    }
    if (max == sample.framed()) {
      return sample.areSensorEvents()
          ? new MappingDetection(
              EventMapping.defaults(EventFormat.AVRO, List.of()), false, List.of(), List.of())
          : nothing(
              "the records are in a binary encoding whose schema is not known:"
                  + " set schema.registry.url or events.schema");
    }
    return detectFields();
  }

  private MappingDetection numbers() {
    EventMapping numbers = EventMapping.defaults(EventFormat.NUMBER, List.of());
    ValueWords words =
        configured.words().numbers().isEmpty()
            ? new ValueWords(sample.words())
            : configured.words();
    EventMapping mapping =
        new EventMapping(
            numbers.encoding(),
            numbers.key(),
            numbers.time(),
            numbers.values(),
            numbers.covariates(),
            words);
    return new MappingDetection(
        mapping,
        false,
        words.numbers().isEmpty()
            ? List.of()
            : List.of(MappingBuilder.wordNote(EventMapping.VALUE, words)),
        List.of());
  }

  private static MappingDetection nothing(String note) {
    return new MappingDetection(null, false, List.of(note), List.of());
  }

  /** Tries the events themselves and each list in them; takes the first with measured values. */
  private MappingDetection detectFields() {
    List<byte @Nullable []> recordKeys = new ArrayList<>();
    sample.records().forEach(record -> recordKeys.add(record.key()));
    KeyNames keys =
        KeyNames.of(
            recordKeys, configured.key().encoding().schema(), configured.encoding().registry());
    MappingDetection first = null;
    for (List<EventRows.Event> events : alternatives()) {
      for (String list : EventRows.lists(events)) {
        MappingDetection detection = detect(EventRows.of(events, list, keys), keys);
        if (detection.mapping() != null) {
          return detection;
        }
        first = first == null ? detection : first;
      }
    }
    return first == null ? nothing("the events have no fields") : first;
  }

  /** Returns the events; before them the fields of lines if they are of several measurements. */
  private List<List<EventRows.Event>> alternatives() {
    List<EventRows.Event> events = sample.events();
    return sample.isInflux() && LineFields.haveSeveralMeasurements(events)
        ? List.of(LineFields.of(events), events)
        : List.of(events);
  }

  private MappingDetection detect(EventRows rows, KeyNames keys) {
    List<String> notes = new ArrayList<>();
    TimeFields timeFields = new TimeFields(rows);
    FieldProfile time = timeFields.choose();
    FieldProfile unreadable = time == null ? timeFields.unreadable() : null;
    FieldProfile partial = time == null ? timeFields.partial() : null;
    ValueFields valueFields = new ValueFields(rows, time == null ? null : time.path());
    List<String> values =
        valueFields.choose().stream()
            .filter(value -> !sample.isInflux() || isValueOfLine(value))
            .toList();
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

  private static boolean isValueOfLine(String path) {
    return path.equals(EventMapping.VALUE) || path.startsWith(LineFields.PREFIX);
  }

  /** The fields that are chosen, and the names in the records' keys. */
  private record Fields(@Nullable FieldProfile time, List<String> values, KeyNames keys) {}

  private MappingDetection withKey(
      EventRows rows, Fields chosen, List<String> notes, List<MappingDetection.Field> fields) {
    FieldProfile time = chosen.time();
    MappingBuilder builder = new MappingBuilder(configured, sample, rows, chosen.keys());
    for (List<String> group : groups(rows, chosen.values())) {
      KeyChooser.Choice choice =
          new KeyChooser(points(rows, time, group), rows.profiles().values()).choose();
      EventMapping mapping = choice == null ? null : builder.build(time, group, choice);
      if (choice != null && mapping != null) {
        if (choice.fields().isEmpty() && !choice.usesRecordKey() && !sample.isInflux()) {
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
        notes.addAll(builder.wordNotes(group));
        List<String> unread = new ArrayList<>(chosen.values());
        unread.removeAll(group);
        if (!unread.isEmpty()) {
          notes.add("not read, because they are in other events: " + String.join(", ", unread));
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
}
