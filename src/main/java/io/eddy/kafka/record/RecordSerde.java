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
 * Records of one type as they are written to a topic, in any of the forms, and read in all of them.
 *
 * @param <T> a generated record class
 */
final class RecordSerde<T extends SpecificRecordBase> {
  private final OutputFormat form;
  private final String subject;
  private final Schema schema;
  private final SingleObjectEncoding<T> singleObject;
  private final RecordJson<T> json;
  private @Nullable SchemaRegistryClient registry;

  /**
   * A record type.
   *
   * @param topic that it is written to
   * @param former resources with schemas that were written before
   */
  RecordSerde(OutputFormat form, String topic, Schema schema, String... former) {
    this.form = form;
    this.schema = schema;
    subject = topic + "-value";
    singleObject = new SingleObjectEncoding<>(schema, former);
    json = new RecordJson<>(schema);
  }

  private @Nullable SchemaRegistryClient registry() {
    SchemaRegistrySettings settings = form.registry();
    if (registry == null && settings != null) {
      registry = SchemaRegistryClient.of(settings);
    }
    return registry;
  }

  /**
   * Makes sure that what is written can be; throws {@link SchemaRegistryException} where it cannot.
   */
  void prepare() {
    SchemaRegistryClient client = registry();
    if (form.format() == OutputFormat.Format.AVRO && client != null) {
      var unused = client.id(subject, schema);
    }
  }

  byte[] encode(T message) {
    if (form.format() == OutputFormat.Format.JSON) {
      return json.encode(message);
    }
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

  /** Throws {@link InvalidRecordException} where the bytes are no such record. */
  T decode(byte[] bytes) {
    if (bytes.length > 0 && bytes[0] == '{') {
      return json.decode(bytes);
    }
    if (bytes.length < SchemaRegistryClient.ID_HEADER_BYTES || bytes[0] != 0) {
      return singleObject.decode(bytes);
    }
    SchemaRegistryClient client = registry();
    if (client == null) {
      throw new InvalidRecordException(
          "the value names a schema of a registry: set schema.registry.url");
    }
    Schema writer = client.schema(ByteBuffer.wrap(bytes).getInt(1));
    if (!writer.getFullName().equals(schema.getFullName())) {
      throw new InvalidRecordException(
          "expected a %s, got a %s", schema.getName(), writer.getFullName());
    }
    return singleObject.decode(writer, bytes, SchemaRegistryClient.ID_HEADER_BYTES);
  }
}
