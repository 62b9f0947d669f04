package io.eddy.kafka.event;

import com.fasterxml.jackson.core.JsonParser;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.time.TimestampReader;
import java.io.IOException;

/**
 * A number with the logical type that makes it a time. Readers of other formats pass it to {@link
 * JsonEvents} as an embedded object.
 */
record TypedTime(LogicalTime type, long number) {
  /**
   * Reads the embedded object of a parser.
   *
   * @return epoch milliseconds
   * @throws InvalidRecordException if it is not a time
   */
  static long read(JsonParser parser, TimestampReader reader, String field) throws IOException {
    if (parser.getEmbeddedObject() instanceof TypedTime time) {
      return time.type.read(field, time.number, reader);
    }
    throw new InvalidRecordException("field %s: expected a time, got bytes", field);
  }
}
