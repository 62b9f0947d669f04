package io.eddy.kafka.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** Writes the keys of records, the inverse of {@link SeriesKeyReader}. */
final class SeriesKeyWriter {
  private final SeriesKey key;
  private final KeyEncoding encoding;

  SeriesKeyWriter(SeriesKey key) {
    this.key = key;
    encoding = key.encoding();
  }

  /**
   * Returns the key of a record.
   *
   * @param timestampMs start of the window of a windowed key
   * @throws IllegalArgumentException if the format cannot represent the name
   */
  byte[] write(String name, long timestampMs) {
    Map<String, String> parts = key.recordParts(name);
    byte[] inner = parts.isEmpty() ? utf8(name) : inner(parts);
    return encoding.isWindowed() && !parts.isEmpty()
        ? ByteBuffer.allocate(inner.length + Long.BYTES).put(inner).putLong(timestampMs).array()
        : inner;
  }

  private byte[] inner(Map<String, String> parts) {
    String text = parts.getOrDefault("", "");
    try {
      return switch (encoding.format()) {
        case STRING, UUID -> utf8(text);
        case LONG -> ByteBuffer.allocate(Long.BYTES).putLong(Long.parseLong(text)).array();
        case INT -> ByteBuffer.allocate(Integer.BYTES).putInt(Integer.parseInt(text)).array();
        case SHORT -> ByteBuffer.allocate(Short.BYTES).putShort(Short.parseShort(text)).array();
        case JSON -> json(parts);
        case AVRO -> avro(parts);
      };
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "series '%s': expected a number for events.key-format = %s"
              .formatted(text, encoding.id()));
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] json(Map<String, String> parts) {
    if (parts.containsKey("")) {
      return utf8(JsonNodeFactory.instance.textNode(parts.get("")).toString());
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    parts.forEach(
        (path, text) -> {
          String[] names = path.split("\\.", -1);
          ObjectNode parent = node;
          for (int i = 0; i < names.length - 1; i++) {
            parent = parent.withObjectProperty(names[i]);
          }
          parent.put(names[names.length - 1], text);
        });
    return utf8(node.toString());
  }

  private byte[] avro(Map<String, String> parts) {
    Schema schema = encoding.schema();
    if (schema == null) {
      throw new IllegalArgumentException(
          "events.key-format = avro: expected a schema in events.key-schema to write keys");
    }
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new GenericDatumWriter<>(schema).write(datum(schema, "", parts), encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Object datum(Schema schema, String path, Map<String, String> parts) {
    if (schema.getType() != Schema.Type.RECORD) {
      return scalar(schema, path, parts.get(path));
    }
    GenericData.Record record = new GenericData.Record(schema);
    boolean isWhole = path.isEmpty() && parts.containsKey("") && schema.getFields().size() == 1;
    for (Schema.Field field : schema.getFields()) {
      String name = path.isEmpty() ? field.name() : path + '.' + field.name();
      record.put(
          field.pos(),
          isWhole
              ? scalar(field.schema(), name, parts.get(""))
              : datum(field.schema(), name, parts));
    }
    return record;
  }

  private Object scalar(Schema schema, String path, @Nullable String text) {
    for (Schema branch : schema.isUnion() ? schema.getTypes() : java.util.List.of(schema)) {
      Object value = text == null ? null : AvroWriter.text(branch, text);
      if (value != null) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        "events.key-schema: cannot write a key of schema %s: field '%s' is not a part of the series"
            .formatted(schema.getType(), path));
  }
}
