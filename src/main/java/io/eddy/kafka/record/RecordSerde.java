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
 * one, otherwise single-object encoded. Reads both. Only one thread may write.
 *
 * @param <V> the domain's form of the record, which is written
 * @param <T> the generated record class, which is read
 */
final class RecordSerde<V, T extends SpecificRecordBase> {
  private final OutputFormat format;
  private final RecordEncoder<V> encoder;
  private final AvroBuffer buffer = new AvroBuffer();
  private final String subject;
  private final Schema schema;
  private final SingleObjectEncoding<T> singleObject;
  private @Nullable SchemaRegistryClient registry;

  /** Id of the schema in the registry; null until it is looked up. */
  private @Nullable Integer id;

  /**
   * Creates a serde.
   *
   * @param topic topic of the records, whose subject has the schema in a registry
   * @param schema of the records
   * @param encoder that writes records of that schema
   * @throws IllegalStateException if the encoder writes another schema
   */
  RecordSerde(OutputFormat format, String topic, Schema schema, RecordEncoder<V> encoder) {
    RecordEncoder.requireSchema(encoder, schema);
    this.format = format;
    this.schema = schema;
    this.encoder = encoder;
    subject = topic + "-value";
    singleObject = new SingleObjectEncoding<>(schema);
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
      var unused = id(client);
    }
  }

  private int id(SchemaRegistryClient client) {
    if (id == null) {
      id = client.id(subject, schema);
    }
    return id;
  }

  byte[] encode(V value) {
    buffer.clear();
    SchemaRegistryClient client = registry();
    if (client == null) {
      buffer.writeFixed(singleObject.header());
    } else {
      buffer.writeByte(0);
      buffer.writeBigEndianInt(id(client));
    }
    encoder.write(value, buffer);
    return buffer.toByteArray();
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
