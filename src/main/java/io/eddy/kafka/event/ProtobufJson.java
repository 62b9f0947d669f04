package io.eddy.kafka.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;

/**
 * Writes a Protobuf message as a JSON object. Fields have the names of the schema, an enum is its
 * name, a map is an object.
 *
 * <p>A field without presence, as most scalars of proto3 are, has its default value (0) if it is
 * not in the message. A field with presence (optional, of a oneof, or a message) is left out.
 *
 * <p>Some messages stand for a value: Google's timestamps are times, its wrappers, structures and
 * decimals are their content, and so are Confluent's decimals.
 */
final class ProtobufJson {
  private static final int MAX_DEPTH = 32;
  private static final LogicalTime MILLIS =
      Objects.requireNonNull(LogicalTime.of("timestamp-millis"));

  private ProtobufJson() {}

  /**
   * Writes a message.
   *
   * @throws InvalidRecordException if messages are nested too deeply
   */
  static void write(Message message, JsonGenerator out) throws IOException {
    writeFields(message, out, 0);
  }

  private static void writeFields(Message message, JsonGenerator out, int depth)
      throws IOException {
    if (depth > MAX_DEPTH) {
      throw new InvalidRecordException("not an event: nested more than %d levels deep", MAX_DEPTH);
    }
    out.writeStartObject();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (!field.hasPresence() || message.hasField(field)) {
        out.writeFieldName(field.getName());
        writeField(message, field, out, depth);
      }
    }
    out.writeEndObject();
  }

  private static void writeField(
      Message message, FieldDescriptor field, JsonGenerator out, int depth) throws IOException {
    if (field.isMapField()) {
      writeMap((List<?>) message.getField(field), out, depth);
    } else if (field.isRepeated()) {
      out.writeStartArray();
      for (Object element : (List<?>) message.getField(field)) {
        writeValue(element, field, out, depth);
      }
      out.writeEndArray();
    } else {
      writeValue(message.getField(field), field, out, depth);
    }
  }

  private static void writeMap(List<?> entries, JsonGenerator out, int depth) throws IOException {
    out.writeStartObject();
    for (Object element : entries) {
      Message entry = (Message) element;
      Descriptor type = entry.getDescriptorForType();
      out.writeFieldName(String.valueOf(entry.getField(type.findFieldByNumber(1))));
      FieldDescriptor value = type.findFieldByNumber(2);
      writeValue(entry.getField(value), value, out, depth);
    }
    out.writeEndObject();
  }

  private static void writeValue(Object value, FieldDescriptor field, JsonGenerator out, int depth)
      throws IOException {
    switch (field.getType()) {
      case DOUBLE -> out.writeNumber((double) value);
      case FLOAT -> out.writeNumber((float) value);
      case INT32, SINT32, SFIXED32 -> out.writeNumber((int) value);
      case UINT32, FIXED32 -> out.writeNumber(Integer.toUnsignedLong((int) value));
      case INT64, SINT64, SFIXED64 -> out.writeNumber((long) value);
      case UINT64, FIXED64 -> writeUnsigned((long) value, out);
      case BOOL -> out.writeBoolean((boolean) value);
      case STRING -> out.writeString((String) value);
      case BYTES -> out.writeBinary(((ByteString) value).toByteArray());
      case ENUM -> out.writeString(((EnumValueDescriptor) value).getName());
      case MESSAGE, GROUP -> writeMessage((Message) value, out, depth + 1);
    }
  }

  private static void writeUnsigned(long value, JsonGenerator out) throws IOException {
    if (value >= 0) {
      out.writeNumber(value);
    } else {
      out.writeNumber(new BigInteger(Long.toUnsignedString(value)));
    }
  }

  private static void writeMessage(Message message, JsonGenerator out, int depth)
      throws IOException {
    switch (message.getDescriptorForType().getFullName()) {
      case "google.protobuf.Timestamp" -> out.writeEmbeddedObject(timestamp(message));
      case "google.protobuf.DoubleValue",
          "google.protobuf.FloatValue",
          "google.protobuf.Int64Value",
          "google.protobuf.UInt64Value",
          "google.protobuf.Int32Value",
          "google.protobuf.UInt32Value",
          "google.protobuf.BoolValue",
          "google.protobuf.StringValue",
          "google.protobuf.BytesValue",
          "google.protobuf.Struct",
          "google.protobuf.ListValue",
          "google.type.Decimal" ->
          writeField(message, message.getDescriptorForType().getFields().get(0), out, depth);
      case "google.protobuf.Value" -> writeChoice(message, out, depth);
      case "confluent.type.Decimal" -> writeDecimal(message, out);
      default -> writeFields(message, out, depth);
    }
  }

  private static TypedTime timestamp(Message message) {
    long seconds = (long) number(message, 1);
    int nanos = (int) number(message, 2);
    try {
      return new TypedTime(
          MILLIS, Math.addExact(Math.multiplyExact(seconds, 1000L), nanos / 1_000_000));
    } catch (ArithmeticException e) {
      throw new InvalidRecordException("a google.protobuf.Timestamp is out of range").got(seconds);
    }
  }

  private static Object number(Message message, int field) {
    return message.getField(message.getDescriptorForType().findFieldByNumber(field));
  }

  /** Writes the one field of a {@code google.protobuf.Value} that is set. */
  private static void writeChoice(Message message, JsonGenerator out, int depth)
      throws IOException {
    for (FieldDescriptor field : message.getAllFields().keySet()) {
      if (field.getNumber() != 1) {
        writeField(message, field, out, depth);
        return;
      }
    }
    out.writeNull();
  }

  private static void writeDecimal(Message message, JsonGenerator out) throws IOException {
    BigDecimal decimal =
        ConnectDecimals.of(
            ((ByteString) number(message, 1)).toByteArray(), (int) number(message, 3));
    if (decimal == null) {
      out.writeNull();
    } else {
      out.writeNumber(decimal);
    }
  }
}
