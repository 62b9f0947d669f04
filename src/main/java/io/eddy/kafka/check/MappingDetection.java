package io.eddy.kafka.check;

import io.eddy.kafka.event.EventMapping;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mapping that a sample suggests.
 *
 * @param mapping the most likely mapping; null if none is
 * @param needsZone whether the times have no zone, which the user has to set
 * @param notes what cannot be detected, and why
 * @param fields the fields found
 */
public record MappingDetection(
    @Nullable EventMapping mapping, boolean needsZone, List<String> notes, List<Field> fields) {
  /**
   * A field of the sample.
   *
   * @param shape shape of its values, without their content
   * @param count number of events, or of elements of a list, that have it
   */
  public record Field(String path, String shape, int count, FieldUse use) {}

  public MappingDetection {
    notes = List.copyOf(notes);
    fields = List.copyOf(fields);
  }
}
