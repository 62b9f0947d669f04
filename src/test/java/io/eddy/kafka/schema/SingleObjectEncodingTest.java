package io.eddy.kafka.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.codec.avro.SensorEvent;
import io.eddy.series.InvalidRecordException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;

class SingleObjectEncodingTest {
  /** A schema of the record type before {@code covariates} and {@code ahead} were added. */
  private static final Schema PREVIOUS =
      SchemaBuilder.record("SensorEvent")
          .namespace(SensorEvent.class.getPackageName())
          .fields()
          .name("timestamp")
          .type(SensorEvent.getClassSchema().getField("timestamp").schema())
          .noDefault()
          .requiredDouble("value")
          .endRecord();

  private static byte[] previousRecord() throws IOException {
    GenericRecord event = new GenericData.Record(PREVIOUS);
    event.put("timestamp", 7L);
    event.put("value", 1.5);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new BinaryMessageEncoder<GenericRecord>(GenericData.get(), PREVIOUS).encode(event, out);
    return out.toByteArray();
  }

  @Test
  void decodesEncodedRecord() {
    SensorEvent event = new SensorEvent(Instant.ofEpochMilli(7), 1.5, Map.of("load", 2.0), null);
    SingleObjectEncoding<SensorEvent> encoding =
        new SingleObjectEncoding<>(SensorEvent.getClassSchema());

    assertThat(encoding.decode(encoding.encode(event))).isEqualTo(event);
  }

  @Test
  void decodesRecordOfPreviousSchema() throws IOException {
    SingleObjectEncoding<SensorEvent> encoding =
        new SingleObjectEncoding<>(SensorEvent.getClassSchema(), PREVIOUS);

    assertThat(encoding.decode(previousRecord()))
        .isEqualTo(new SensorEvent(Instant.ofEpochMilli(7), 1.5, null, null));
  }

  @Test
  void rejectsRecordOfUnknownSchema() {
    SingleObjectEncoding<SensorEvent> encoding =
        new SingleObjectEncoding<>(SensorEvent.getClassSchema());

    assertThatThrownBy(() -> encoding.decode(previousRecord()))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageStartingWith("not a single-object encoded SensorEvent");
  }
}
