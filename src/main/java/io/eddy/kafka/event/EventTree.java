package io.eddy.kafka.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.TreeNode;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DynamicMessage;
import io.eddy.kafka.schema.ProtobufSchema;
import io.eddy.kafka.schema.SchemaFrame;
import io.eddy.kafka.schema.SchemaRegistryClient;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.kafka.schema.SchemaType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an event as a tree, for inspecting events whose mapping is not known.
 *
 * @param format format of the event
 */
public record EventTree(EventFormat format, JsonNode root) {
  private static final int FINGERPRINT_HEADER_BYTES = 10;
  private static final int MAX_BYTES = 512 << 10;
  private static final ObjectMapper JSON =
      new ObjectMapper(JsonEvents.FACTORY)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS.mappedFeature())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Writes fields. */
  private interface Content {
    void write(JsonGenerator out) throws IOException;
  }

  /**
   * Reads an event.
   *
   * @param encoding the schema and the registry that may be used
   * @return null if the event has no fields or is not valid, or its format or schema is not known
   */
  public static @Nullable EventTree of(
      ConsumerRecord<byte[], byte[]> record, EventEncoding encoding) {
    byte[] value = record.value();
    if (value == null || value.length > MAX_BYTES) {
      return null;
    }
    try {
      SchemaRegistrySettings registry = encoding.registry();
      SchemaFrame frame =
          registry == null ? null : SchemaFrame.of(value, record.headers(), registry);
      if (registry != null && frame != null) {
        return framed(value, frame, SchemaRegistryClient.of(registry));
      }
      Schema schema = encoding.schema();
      if (schema != null && encoding.isPlain()) {
        return avro(schema, value, 0);
      }
      if (schema != null && isOf(schema, value)) {
        return avro(schema, value, FINGERPRINT_HEADER_BYTES);
      }
      return isJson(value) ? json(value) : lines(value);
    } catch (IOException e) {
      return null;
    } catch (RuntimeException | Error e) {
      if (DeadLetters.isRecordFault(e)) {
        return null;
      }
      throw e;
    }
  }

  private static boolean isOf(Schema schema, byte[] value) {
    return value.length > FINGERPRINT_HEADER_BYTES
        && ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong(2)
            == SchemaNormalization.parsingFingerprint64(schema);
  }

  private static @Nullable EventTree framed(
      byte[] value, SchemaFrame frame, SchemaRegistryClient registry) throws IOException {
    SchemaType type = registry.registered(frame.id()).type();
    return switch (type) {
      case AVRO -> avro(registry.avro(frame.id()), value, frame.bodyOffset());
      case JSON ->
          json(
              JSON.readTree(Arrays.copyOfRange(value, frame.bodyOffset(), value.length)),
              JsonSchemaTypes.of(registry.jsonSchema(frame.id())));
      case PROTOBUF -> protobuf(registry.protobuf(frame.id()).message(frame, value), value);
    };
  }

  private static EventTree protobuf(ProtobufSchema.Message message, byte[] value)
      throws IOException {
    int length = value.length - message.offset();
    DynamicMessage parsed =
        DynamicMessage.parseFrom(
            message.type(), CodedInputStream.newInstance(value, message.offset(), length));
    return new EventTree(EventFormat.PROTOBUF, tree(out -> ProtobufJson.write(parsed, out)));
  }

  private static EventTree avro(Schema schema, byte[] value, int from) throws IOException {
    Object datum =
        new GenericDatumReader<>(schema)
            .read(null, DecoderFactory.get().binaryDecoder(value, from, value.length - from, null));
    return new EventTree(EventFormat.AVRO, tree(out -> AvroJson.write(schema, datum, out)));
  }

  private static JsonNode tree(Content content) throws IOException {
    try (TokenBuffer tokens = new TimesAsText()) {
      content.write(tokens);
      TreeNode tree = JSON.readTree(tokens.asParser());
      return (JsonNode) tree;
    }
  }

  /** Writes times whose type is known as text. */
  private static final class TimesAsText extends TokenBuffer {
    TimesAsText() {
      super(JSON, false);
    }

    @Override
    public void writeEmbeddedObject(Object object) throws IOException {
      if (object instanceof TypedTime time) {
        writeString(time.text());
      } else {
        super.writeEmbeddedObject(object);
      }
    }
  }

  /** Reads line protocol as a list of lines. */
  private static @Nullable EventTree lines(byte[] value) throws IOException {
    JsonNode lines = tree(out -> InfluxEvents.writeTree(value, out));
    return lines.isEmpty() ? null : new EventTree(EventFormat.INFLUX, lines);
  }

  private static boolean isJson(byte[] value) {
    for (byte c : value) {
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c == '{' || c == '[';
      }
    }
    return false;
  }

  /** Reads JSON; of Kafka Connect's envelope the payload, with the types of the schema. */
  private static @Nullable EventTree json(byte[] value) throws IOException {
    JsonNode tree = JSON.readTree(value);
    boolean isEnvelope =
        tree.isObject()
            && tree.size() == 2
            && tree.has("schema")
            && tree.path("payload").isObject();
    return isEnvelope
        ? json(tree.get("payload"), ConnectType.ofSchema(tree.get("schema")))
        : json(tree, ConnectType.Plain.INSTANCE);
  }

  private static @Nullable EventTree json(JsonNode tree, ConnectType type) throws IOException {
    if (!tree.isContainerNode()) {
      return null;
    }
    if (type.isPlain()) {
      return new EventTree(EventFormat.JSON, tree);
    }
    JsonParser in = tree.traverse(JSON);
    in.nextToken();
    return new EventTree(EventFormat.JSON, tree(out -> type.copy(in, out)));
  }

  /** Returns whether the event tells only that a row was deleted. */
  public boolean isDeletedRow() {
    return (ChangeEvents.isWithoutRow(root.path(ChangeEvents.OPERATION).asText())
            && root.path("after").isNull())
        || root.path(ChangeEvents.DELETED).asBoolean();
  }

  /**
   * Returns the events in a record: the lines of line protocol, otherwise the record's only one.
   */
  public Iterable<JsonNode> roots() {
    return format == EventFormat.INFLUX ? root : List.of(root);
  }
}
