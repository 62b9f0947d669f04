package io.eddy.kafka.event;

import com.fasterxml.jackson.databind.util.TokenBuffer;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DynamicMessage;
import io.eddy.kafka.schema.ProtobufSchema;
import io.eddy.kafka.schema.SchemaFrame;
import io.eddy.kafka.schema.SchemaRegistryClient;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads Protobuf messages whose schema is in a registry. The fields of a message are those of the
 * JSON object that {@link ProtobufJson} makes of it.
 */
final class ProtobufEvents {
  private static final int MAX_BYTES = 512 << 10;

  private final JsonEvents events;
  private final @Nullable SchemaRegistrySettings registry;

  ProtobufEvents(EventMapping mapping, JsonEvents events) {
    this.events = events;
    registry = mapping.encoding().registry();
  }

  /** Reads the mapped fields of an event into {@code fields}. */
  void read(byte[] value, Headers headers, EventFields fields) {
    if (registry == null) {
      throw new InvalidRecordException(
          "expected the registry of Protobuf schemas: set schema.registry.url");
    }
    SchemaFrame frame = SchemaFrame.of(value, headers, registry);
    if (frame == null) {
      throw new InvalidRecordException(
              "expected a Protobuf event that starts with 00 and the id of a schema")
          .got(value.length > 0 ? "%02X".formatted(value[0]) : "nothing");
    }
    if (value.length > MAX_BYTES) {
      throw new InvalidRecordException(
          "not an event: expected at most %d bytes, got %d", MAX_BYTES, value.length);
    }
    ProtobufSchema schema = SchemaRegistryClient.of(registry).protobuf(frame.id());
    ProtobufSchema.Message message = schema.message(frame, value);
    try (TokenBuffer json = new TokenBuffer(null, false)) {
      ProtobufJson.write(parse(message, value), json);
      events.read(json.asParser(), fields);
    } catch (IOException e) {
      throw JsonEvents.invalid(e);
    }
  }

  private static DynamicMessage parse(ProtobufSchema.Message message, byte[] value) {
    int length = value.length - message.offset();
    try {
      return DynamicMessage.parseFrom(
          message.type(), CodedInputStream.newInstance(value, message.offset(), length));
    } catch (IOException e) {
      throw new InvalidRecordException(
              "not a valid Protobuf message %s", message.type().getFullName())
          .because(e.getMessage());
    }
  }
}
