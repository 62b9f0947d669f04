package io.eddy.kafka.event;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes Avro data as JSON, for inspection: a time is text in ISO-8601, a decimal is a number,
 * other bytes are left out.
 */
final class AvroJson {
  private AvroJson() {}

  static void write(Schema schema, @Nullable Object value, JsonGenerator out) throws IOException {
    if (schema.getType() == Schema.Type.UNION) {
      int branch = GenericData.get().resolveUnion(schema, value);
      write(schema.getTypes().get(branch), value, out);
    } else if (value == null) {
      out.writeNull();
    } else {
      writePresent(schema, value, out);
    }
  }

  private static void writePresent(Schema schema, Object datum, JsonGenerator out)
      throws IOException {
    switch (schema.getType()) {
      case RECORD -> {
        out.writeStartObject();
        for (Schema.Field field : schema.getFields()) {
          out.writeFieldName(field.name());
          write(field.schema(), ((IndexedRecord) datum).get(field.pos()), out);
        }
        out.writeEndObject();
      }
      case ARRAY -> {
        out.writeStartArray();
        for (Object element : (Collection<?>) datum) {
          write(schema.getElementType(), element, out);
        }
        out.writeEndArray();
      }
      case MAP -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) datum).entrySet()) {
          out.writeFieldName(entry.getKey().toString());
          write(schema.getValueType(), entry.getValue(), out);
        }
        out.writeEndObject();
      }
      case BYTES -> writeBytes(schema, (ByteBuffer) datum, out);
      case FIXED -> writeBytes(schema, ByteBuffer.wrap(((GenericFixed) datum).bytes()), out);
      case INT, LONG -> writeInteger(schema, ((Number) datum).longValue(), out);
      case FLOAT -> out.writeNumber((Float) datum);
      case DOUBLE -> out.writeNumber((Double) datum);
      case BOOLEAN -> out.writeBoolean((Boolean) datum);
      case STRING, ENUM -> out.writeString(datum.toString());
      case NULL, UNION -> out.writeNull();
    }
  }

  private static void writeInteger(Schema schema, long number, JsonGenerator out)
      throws IOException {
    LogicalTime type = LogicalTime.of(schema);
    if (type == null || type.kind() == LogicalTime.Kind.OTHER) {
      out.writeNumber(number);
    } else {
      out.writeString(type.text(number));
    }
  }

  private static void writeBytes(Schema schema, ByteBuffer bytes, JsonGenerator out)
      throws IOException {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal && bytes.hasRemaining()) {
      byte[] unscaled = new byte[bytes.remaining()];
      bytes.duplicate().get(unscaled);
      out.writeNumber(new BigDecimal(new BigInteger(unscaled), decimal.getScale()));
    } else {
      out.writeNull();
    }
  }
}
