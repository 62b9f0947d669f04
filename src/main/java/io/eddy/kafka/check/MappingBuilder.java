package io.eddy.kafka.check;

import io.eddy.kafka.event.EventEncoding;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventTime;
import io.eddy.kafka.event.KeyEncoding;
import io.eddy.kafka.event.KeyNames;
import io.eddy.kafka.event.SeriesKey;
import io.eddy.kafka.event.ValueWords;
import io.eddy.series.time.TimestampFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds the mapping that reads the chosen fields of a sample. */
final class MappingBuilder {
  private static final List<String> SEPARATORS = List.of("|", ";", "~", "#", "::");

  private final EventMapping configured;
  private final SampledEvents sample;
  private final EventRows rows;
  private final KeyNames keys;

  /**
   * Creates a builder.
   *
   * @param configured the mapping of the settings, which tells what a sample cannot
   * @param rows the sample, with the fields of the elements of a list if one is chosen
   * @param keys names in the records' keys
   */
  MappingBuilder(EventMapping configured, SampledEvents sample, EventRows rows, KeyNames keys) {
    this.configured = configured;
    this.sample = sample;
    this.rows = rows;
    this.keys = keys;
  }

  /**
   * Returns the mapping; null if it is not valid.
   *
   * @param time field of the time; null if the events have none
   */
  @Nullable EventMapping build(
      @Nullable FieldProfile time, List<String> values, KeyChooser.Choice key) {
    try {
      return new EventMapping(
          encoding(),
          key(key, sample.isInflux() && values.equals(List.of(EventMapping.VALUE))),
          time(time).withZone(configured.time().zone()),
          values,
          configured.covariates(),
          words(values));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Returns the configured words; without any, the words of the values with their numbers. */
  private ValueWords words(List<String> values) {
    if (!configured.words().numbers().isEmpty()) {
      return configured.words();
    }
    Map<String, Double> words = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    values.forEach(value -> words.putAll(words(value)));
    return new ValueWords(words);
  }

  private Map<String, Double> words(String value) {
    FieldProfile field = rows.profiles().get(value);
    return field == null ? Map.of() : field.words();
  }

  /** Returns a note for each value whose words get numbers that are not configured. */
  List<String> wordNotes(List<String> values) {
    List<String> notes = new ArrayList<>();
    for (String value : configured.words().numbers().isEmpty() ? values : List.<String>of()) {
      Map<String, Double> words = words(value);
      if (!words.isEmpty()) {
        notes.add(wordNote(value, new ValueWords(words)));
      }
    }
    return notes;
  }

  /** Returns the note that words of a field get numbers. */
  static String wordNote(String field, ValueWords words) {
    return "field %s: events.value-words reads %s; change it if the words mean something else"
        .formatted(field, words.description());
  }

  private EventEncoding encoding() {
    EventEncoding encoding = configured.encoding();
    EventFormat format = sample.format();
    boolean isAvro = format == EventFormat.AVRO;
    return new EventEncoding(
        format,
        isAvro ? encoding.schema() : null,
        isAvro && encoding.isPlain(),
        format.hasRegistry() ? encoding.registry() : null);
  }

  /** Returns a separator that no part of a name contains. */
  private String separator(KeyChooser.Choice choice) {
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

  /**
   * Returns the key.
   *
   * @param isPerField whether each field of a line is an observation
   */
  private SeriesKey key(KeyChooser.Choice choice, boolean isPerField) {
    String separator = separator(choice);
    List<String> parts = new ArrayList<>();
    boolean isUnnamed = sample.isInflux() && choice.fields().isEmpty() && !choice.usesRecordKey();
    List<String> fields =
        isPerField
            ? LineFields.key(choice.fields())
            : isUnnamed ? List.of(LineFields.MEASUREMENT) : choice.fields();
    if (choice.usesRecordKey()) {
      parts.add(SeriesKey.RECORD);
      parts.addAll(fields);
      return new SeriesKey(
          parts, separator, Objects.requireNonNullElse(keys.encoding(), KeyEncoding.STRING));
    }
    parts.addAll(fields);
    if (parts.isEmpty()) {
      parts.add(SeriesKey.CONSTANT + sample.records().get(0).topic());
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
    boolean isUsual =
        sample.isInflux() ? times.format().equals(TimestampFormat.NS) : isAuto(times.format());
    TimestampFormat format = isUsual ? TimestampFormat.AUTO : times.format();
    boolean isDefault = field.path().equals("timestamp") && format.equals(TimestampFormat.AUTO);
    return isDefault ? EventTime.DEFAULT : EventTime.ofField(field.path(), format);
  }

  private static boolean isAuto(TimestampFormat format) {
    return format.equals(TimestampFormat.MS)
        || format.equals(TimestampFormat.ISO_8601)
        || format.equals(TimestampFormat.RFC_1123);
  }
}
