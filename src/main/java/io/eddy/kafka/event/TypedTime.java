package io.eddy.kafka.event;

import com.fasterxml.jackson.core.JsonParser;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;

/**
 * A number with the logical type that makes it a time. Readers of other formats pass it to {@link
 * JsonEvents} as an embedded object.
 */
record TypedTime(LogicalTime type, long number) {
  /**
   * Returns the embedded object of a parser.
   *
   * @throws InvalidRecordException if it is not a time
   */
  static TypedTime of(JsonParser parser, String field) throws IOException {
    if (parser.getEmbeddedObject() instanceof TypedTime time) {
      return time;
    }
    if (parser.getEmbeddedObject() instanceof InvalidRecordException fault) {
      throw fault;
    }
    throw new InvalidRecordException("field %s: expected a time, got bytes", field);
  }

  /** Returns the time in ISO-8601, without a zone if it is local; the number if it is no time. */
  String text() {
    return type.text(number);
  }

  /** Sets the time of an event. */
  void put(String field, EventFields fields) {
    fields.putTime(field, number, type);
  }
}
