package io.eddy.kafka.record;

import io.eddy.kafka.schema.SchemaRegistryClient;
import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.kafka.schema.SingleObjectEncoding;
import io.eddy.series.InvalidRecordException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads records of one type in Avro: in the wire format of a schema registry if there is
 * one, otherwise single-object encoded. Reads both.
 *
 * @param <T> a generated record class
 */
final class RecordSerde<T extends SpecificRecordBase> {
  private final OutputFormat format;
  private final String subject;
  private final Schema schema;
  private final SingleObjectEncoding<T> singleObject;
  private @Nullable SchemaRegistryClient registry;

  /**
   * Creates a serde.
   *
   * @param topic topic of the records, whose subject has the schema in a registry
   * @param previousSchemas earlier schemas of the record type, whose records are still read
   */
  RecordSerde(OutputFormat format, String topic, Schema schema, Schema... previousSchemas) {
    this.format = format;
    this.schema = schema;
    subject = topic + "-value";
    singleObject = new SingleObjectEncoding<>(schema, previousSchemas);
  }

  private @Nullable SchemaRegistryClient registry() {
    SchemaRegistrySettings settings = format.registry();
    if (registry == null && settings != null) {
      registry = SchemaRegistryClient.of(settings);
    }
    return registry;
  }

  /**
   * Looks up the schema's id, so that a problem with the registry shows before the first record.
   *
   * @throws SchemaRegistryException if the registry is unavailable or does not have the schema
   */
  void prepare() {
    SchemaRegistryClient client = registry();
    if (format.format() == OutputFormat.Format.AVRO && client != null) {
      var unused = client.id(subject, schema);
    }
  }

  byte[] encode(T message) {
    SchemaRegistryClient client = registry();
    if (client == null) {
      return singleObject.encode(message);
    }
    byte[] body = singleObject.encodeBody(message);
    return ByteBuffer.allocate(SchemaRegistryClient.ID_HEADER_BYTES + body.length)
        .put((byte) 0)
        .putInt(client.id(subject, schema))
        .put(body)
        .array();
  }

  /**
   * Decodes a record in either encoding.
   *
   * @throws InvalidRecordException if the bytes are not such a record
   */
  T decode(byte[] bytes) {
    if (bytes.length < SchemaRegistryClient.ID_HEADER_BYTES || bytes[0] != 0) {
      return singleObject.decode(bytes);
    }
    SchemaRegistryClient client = registry();
    if (client == null) {
      throw new InvalidRecordException(
          "value refers to a schema registry: set schema.registry.url");
    }
    Schema writer = client.schema(ByteBuffer.wrap(bytes).getInt(1));
    if (!writer.getFullName().equals(schema.getFullName())) {
      throw new InvalidRecordException(
          "expected %s, got %s", schema.getName(), writer.getFullName());
    }
    return singleObject.decode(writer, bytes, SchemaRegistryClient.ID_HEADER_BYTES);
  }
}
