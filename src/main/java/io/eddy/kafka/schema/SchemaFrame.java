package io.eddy.kafka.schema;

import io.eddy.series.InvalidRecordException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The part of a record that names the schema of its value. There are three forms:
 *
 * <ul>
 *   <li>the value begins with a zero byte and an id, big-endian in 4 or 8 bytes; as no registry
 *       assigns the id 0, four zero bytes are the upper half of an id of 8 bytes
 *   <li>Confluent's header {@code __value_schema_id}: the byte 1 and a GUID, or the byte 0 and an
 *       id of 4 bytes; in Protobuf the message's indexes follow
 *   <li>Apicurio's headers {@code apicurio.value.globalId} and {@code apicurio.value.contentId}
 * </ul>
 */
public final class SchemaFrame {
  private static final String GUID_HEADER = "__value_schema_id";
  private static final String GLOBAL_ID_HEADER = "apicurio.value.globalId";
  private static final String CONTENT_ID_HEADER = "apicurio.value.contentId";
  private static final String MESSAGE_HEADER = "apicurio.value.protobuf.type";
  private static final int GUID_BYTES = 17;
  private static final int LONG_ID_HEADER_BYTES = 9;
  private static final byte[] NONE = {};

  private final SchemaId id;
  private final int bodyOffset;
  private final byte @Nullable [] indexes;
  private final @Nullable String message;

  private SchemaFrame(
      SchemaId id, int bodyOffset, byte @Nullable [] indexes, @Nullable String message) {
    this.id = id;
    this.bodyOffset = bodyOffset;
    this.indexes = indexes;
    this.message = message;
  }

  /**
   * Returns the frame of a record; null if it does not name a schema.
   *
   * @throws InvalidRecordException if the frame is invalid, or of another kind than the settings
   *     state
   */
  public static @Nullable SchemaFrame of(
      byte[] value, Headers headers, SchemaRegistrySettings settings) {
    SchemaFrame named = ofHeaders(headers);
    if (named != null) {
      return named;
    }
    if (value.length < SchemaRegistryClient.ID_HEADER_BYTES || value[0] != 0) {
      return null;
    }
    int id = ByteBuffer.wrap(value).getInt(1);
    if (id != 0) {
      return inValue(Integer.toUnsignedLong(id), SchemaRegistryClient.ID_HEADER_BYTES, settings);
    }
    if (value.length < LONG_ID_HEADER_BYTES) {
      throw new InvalidRecordException(
          "the value names the schema with id 0, which does not exist");
    }
    if (settings.idType() == SchemaIdType.CONFLUENT) {
      throw new InvalidRecordException(
          "the value names its schema by an id of 8 bytes: set schema.registry.id-type to"
              + " apicurio-global or apicurio-content");
    }
    return inValue(ByteBuffer.wrap(value).getLong(1), LONG_ID_HEADER_BYTES, settings);
  }

  private static SchemaFrame inValue(long id, int bodyOffset, SchemaRegistrySettings settings) {
    SchemaId schema =
        settings.idType() == SchemaIdType.APICURIO_GLOBAL ? SchemaId.global(id) : SchemaId.of(id);
    return new SchemaFrame(schema, bodyOffset, null, null);
  }

  private static @Nullable SchemaFrame ofHeaders(Headers headers) {
    Header guid = headers.lastHeader(GUID_HEADER);
    if (guid != null && guid.value() != null) {
      return ofConfluentHeader(guid.value());
    }
    Header global = headers.lastHeader(GLOBAL_ID_HEADER);
    if (global != null && global.value() != null) {
      return new SchemaFrame(SchemaId.global(number(global)), 0, NONE, message(headers));
    }
    Header content = headers.lastHeader(CONTENT_ID_HEADER);
    if (content != null && content.value() != null) {
      return new SchemaFrame(SchemaId.of(number(content)), 0, NONE, message(headers));
    }
    return null;
  }

  private static SchemaFrame ofConfluentHeader(byte[] header) {
    ByteBuffer buffer = ByteBuffer.wrap(header);
    if (header.length >= GUID_BYTES && header[0] == 1) {
      SchemaId id = new SchemaId(SchemaId.Kind.GUID, buffer.getLong(1), buffer.getLong(9));
      return new SchemaFrame(id, 0, Arrays.copyOfRange(header, GUID_BYTES, header.length), null);
    }
    int idBytes = SchemaRegistryClient.ID_HEADER_BYTES;
    if (header.length >= idBytes && header[0] == 0) {
      SchemaId id = SchemaId.of(Integer.toUnsignedLong(buffer.getInt(1)));
      return new SchemaFrame(id, 0, Arrays.copyOfRange(header, idBytes, header.length), null);
    }
    throw new InvalidRecordException(
        "header %s: expected the byte 1 and a GUID of 16 bytes, got %d bytes",
        GUID_HEADER, header.length);
  }

  private static long number(Header header) {
    if (header.value().length != Long.BYTES) {
      throw new InvalidRecordException(
          "header %s: expected 8 bytes, got %d", header.key(), header.value().length);
    }
    return ByteBuffer.wrap(header.value()).getLong();
  }

  private static @Nullable String message(Headers headers) {
    Header message = headers.lastHeader(MESSAGE_HEADER);
    return message == null || message.value() == null
        ? null
        : new String(message.value(), StandardCharsets.UTF_8);
  }

  public SchemaId id() {
    return id;
  }

  /** Returns the offset in the value of the first byte after the schema's id. */
  public int bodyOffset() {
    return bodyOffset;
  }

  /** Returns whether a header of the record names the schema, and not the value. */
  public boolean isInHeaders() {
    return indexes != null;
  }

  /** Returns what follows the id in a header: the encoded indexes of a Protobuf message. */
  byte[] indexes() {
    return indexes == null ? NONE : indexes.clone();
  }

  /** Returns the full name of the Protobuf message; null if the record does not name it. */
  @Nullable String message() {
    return message;
  }
}
