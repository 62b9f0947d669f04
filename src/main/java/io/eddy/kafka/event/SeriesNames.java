package io.eddy.kafka.event;

import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Builds series names from the key of a record and the fields of its value. */
final class SeriesNames {
  private final SeriesKey key;
  private final List<SeriesKey.Part> parts;
  private final List<String> labels;
  private final SeriesKeyReader reader;

  SeriesNames(SeriesKey key) {
    this.key = key;
    parts = key.parts();
    labels = parts.stream().map(SeriesNames::label).toList();
    reader = new SeriesKeyReader(key);
  }

  private static String label(SeriesKey.Part part) {
    return switch (part.source()) {
      case RECORD_KEY -> part.text().isEmpty() ? "key" : "key field " + part.text();
      case CONSTANT -> "constant";
      case VALUE -> "field " + part.text();
    };
  }

  /** Returns the number of parts. */
  int size() {
    return parts.size();
  }

  /** Returns the name that the whole key of a record gives. */
  String name(byte @Nullable [] recordKey) {
    return reader.name(recordKey);
  }

  /**
   * Returns the name of a series.
   *
   * @param fields the parts that are fields of the value, by index; null if missing
   * @throws io.eddy.series.InvalidRecordException if a part is missing or invalid
   */
  String name(byte @Nullable [] recordKey, IntFunction<@Nullable String> fields) {
    if (key.fields().isEmpty()) {
      return reader.name(recordKey);
    }
    @Nullable String[] texts = new String[parts.size()];
    for (int i = 0; i < texts.length; i++) {
      SeriesKey.Part part = parts.get(i);
      texts[i] =
          switch (part.source()) {
            case CONSTANT -> part.text();
            case VALUE -> fields.apply(i);
            case RECORD_KEY ->
                part.text().isEmpty()
                    ? reader.name(recordKey)
                    : reader.field(recordKey, part.text());
          };
    }
    return key.join(labels, texts);
  }
}
