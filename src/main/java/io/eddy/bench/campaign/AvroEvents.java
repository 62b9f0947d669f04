package io.eddy.bench.campaign;

import io.eddy.series.Observation;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Encodes events in Avro, with the id of a schema in the registry, which can change. */
final class AvroEvents {
  private final AtomicInteger id = new AtomicInteger(1);

  /** Returns the schema with an id. */
  static Schema schema(int id) {
    return SchemaBuilder.record("Measurement")
        .fields()
        .requiredLong("timestamp")
        .requiredDouble("value")
        .name("release")
        .type()
        .intType()
        .intDefault(id)
        .endRecord();
  }

  /** Uses the schema with the next id from now on. */
  void useNextSchema() {
    id.incrementAndGet();
  }

  byte[] encode(Observation event) {
    int used = id.get();
    Schema schema = schema(used);
    GenericRecord record = new GenericData.Record(schema);
    record.put("timestamp", event.timestampMs());
    record.put("value", event.value());
    record.put("release", used);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream header = new DataOutputStream(bytes)) {
      header.writeByte(0);
      header.writeInt(used);
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
