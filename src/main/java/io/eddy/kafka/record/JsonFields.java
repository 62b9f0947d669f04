package io.eddy.kafka.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.NumberOutput;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import io.eddy.series.InvalidRecordException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * The fields of a JSON object, read by name and type. Numbers are written with enough digits to
 * restore the same bits; NaN is null, and an infinite number is a string such as {@code
 * "Infinity"}.
 *
 * <p>A float64 number that float32 can represent is written with the at most {@value
 * #FLOAT32_DIGITS} digits that float32 needs. Any other has more digits, so the number of digits
 * tells them apart.
 */
final class JsonFields {
  /** A column of a named matrix, one float32 number per step. */
  @FunctionalInterface
  interface Column {
    float at(int step);
  }

  /** A column of a named matrix, one float64 number per step. */
  @FunctionalInterface
  interface DoubleColumn {
    double at(int step);
  }

  /** Content of an object. */
  @FunctionalInterface
  interface Content {
    void write(JsonGenerator json) throws IOException;
  }

  private static final int FLOAT32_DIGITS = 9;

  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(32)
                          .maxDocumentLength(16 << 20)
                          .build())
                  .build())
          // A conversion through double could change a float's bits.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          // The number of digits tells the precision.
          .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final JsonNode node;
  private final String path;

  private JsonFields(JsonNode node, String path) {
    this.node = node;
    this.path = path;
  }

  /** Returns an object as bytes. */
  static byte[] write(Content content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(2048);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      content.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("an in-memory buffer does not fail", e);
    }
    return out.toByteArray();
  }

  /** Writes an array of {@code size} numbers. */
  static void writeFloats(JsonGenerator json, String name, int size, Column column)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (int i = 0; i < size; i++) {
      writeFloat(json, column.at(i));
    }
    json.writeEndArray();
  }

  /** Writes an array of {@code size} numbers. */
  static void writeDoubles(JsonGenerator json, String name, int size, DoubleColumn column)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (int i = 0; i < size; i++) {
      writeDouble(json, column.at(i));
    }
    json.writeEndArray();
  }

  /** Writes a number, with all its bits. */
  static void writeDouble(JsonGenerator json, String name, double number) throws IOException {
    json.writeFieldName(name);
    writeDouble(json, number);
  }

  private static void writeDouble(JsonGenerator json, double number) throws IOException {
    if ((float) number == number || Double.isNaN(number)) {
      writeFloat(json, (float) number);
    } else {
      BigDecimal decimal = new BigDecimal(NumberOutput.toString(number, true));
      int missing = FLOAT32_DIGITS + 1 - decimal.precision();
      json.writeNumber(missing > 0 ? decimal.setScale(decimal.scale() + missing) : decimal);
    }
  }

  static void writeFloat(JsonGenerator json, float number) throws IOException {
    if (Float.isNaN(number)) {
      json.writeNull();
    } else if (Float.isInfinite(number)) {
      json.writeString(Float.toString(number));
    } else {
      json.writeNumber(number);
    }
  }

  /**
   * Reads an object.
   *
   * @param kind kind of the record, for the message
   * @throws InvalidRecordException if the bytes are not such an object, or {@code decoder} rejects
   *     a field with an {@link IllegalArgumentException}
   */
  static <T> T read(byte[] bytes, String kind, Function<JsonFields, T> decoder) {
    try {
      JsonNode node = JSON.readTree(bytes);
      if (!node.isObject()) {
        throw new IllegalArgumentException("expected an object, got " + node.getNodeType());
      }
      return decoder.apply(new JsonFields(node, ""));
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      throw new InvalidRecordException(
          "not a %s in JSON: %s", kind, String.valueOf(e.getMessage()));
    }
  }

  boolean has(String name) {
    return node.has(name);
  }

  boolean isNull(String name) {
    return node.path(name).isNull();
  }

  /** Returns the names of the fields, in the order of the document. */
  List<String> names() {
    return node.propertyStream().map(java.util.Map.Entry::getKey).toList();
  }

  JsonFields object(String name) {
    return new JsonFields(require(name, "an object", JsonNode::isObject), path + name + ".");
  }

  List<JsonFields> objects(String name) {
    return require(name, "a list", JsonNode::isArray)
        .valueStream()
        .map(item -> new JsonFields(item, path + name + "."))
        .toList();
  }

  String text(String name) {
    return require(name, "a string", JsonNode::isTextual).textValue();
  }

  /** Returns a string, or the empty string if the field is null. */
  String textOrEmpty(String name) {
    return node.path(name).isNull() ? "" : text(name);
  }

  long integer(String name) {
    return require(name, "an integer", node -> node.isIntegralNumber() && node.canConvertToLong())
        .longValue();
  }

  int smallInteger(String name) {
    return require(name, "an integer", JsonNode::isInt).intValue();
  }

  double number(String name) {
    return require(name, "a number", JsonNode::isNumber).doubleValue();
  }

  boolean flag(String name) {
    return require(name, "true or false", JsonNode::isBoolean).booleanValue();
  }

  Instant time(String name) {
    return time(path + name, require(name, "a time", JsonNode::isTextual));
  }

  private static Instant time(String name, JsonNode node) {
    try {
      return Instant.parse(node.asText());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "field %s: expected a time in ISO-8601, got '%s'".formatted(name, node.asText()), e);
    }
  }

  List<Instant> times(String name) {
    JsonNode times = require(name, "a list", JsonNode::isArray);
    return times.valueStream().map(item -> time(path + name, item)).toList();
  }

  int[] integers(String name) {
    JsonNode items = require(name, "a list", JsonNode::isArray);
    return items.valueStream().mapToInt(item -> integer(path + name, item)).toArray();
  }

  private static int integer(String name, JsonNode node) {
    if (!node.isInt()) {
      throw new IllegalArgumentException("field %s: expected integers".formatted(name));
    }
    return node.intValue();
  }

  float[] floats(String name) {
    JsonNode items = require(name, "a list", JsonNode::isArray);
    float[] values = new float[items.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = asFloat(path + name, items.get(i));
    }
    return values;
  }

  /** Returns a list of numbers of a fixed length. */
  float[] floats(String name, int size) {
    float[] values = floats(name);
    if (values.length != size) {
      throw new IllegalArgumentException(
          "field %s: expected %d numbers, got %d".formatted(path + name, size, values.length));
    }
    return values;
  }

  /** Returns a list of numbers of a fixed length. */
  double[] doubles(String name, int size) {
    double[] values = doubles(name);
    if (values.length != size) {
      throw new IllegalArgumentException(
          "field %s: expected %d numbers, got %d".formatted(path + name, size, values.length));
    }
    return values;
  }

  double[] doubles(String name) {
    JsonNode items = require(name, "a list", JsonNode::isArray);
    double[] values = new double[items.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = asDouble(path + name, items.get(i));
    }
    return values;
  }

  private static double asDouble(String name, JsonNode node) {
    return node.isNumber() && node.decimalValue().precision() > FLOAT32_DIGITS
        ? node.doubleValue()
        : asFloat(name, node);
  }

  /** Reads a number that {@link #writeDouble} wrote. */
  double asDouble(String name) {
    return asDouble(path + name, node.path(name));
  }

  float asFloat(String name) {
    return asFloat(path + name, node.path(name));
  }

  private static float asFloat(String name, JsonNode node) {
    if (node.isNull()) {
      return Float.NaN;
    }
    if (node.isNumber()) {
      return Float.parseFloat(node.asText());
    }
    return switch (node.asText()) {
      case "Infinity" -> Float.POSITIVE_INFINITY;
      case "-Infinity" -> Float.NEGATIVE_INFINITY;
      default -> throw new IllegalArgumentException("field %s: expected numbers".formatted(name));
    };
  }

  private JsonNode require(
      String name, String expected, java.util.function.Predicate<JsonNode> isExpected) {
    JsonNode value = node.path(name);
    if (!isExpected.test(value)) {
      throw new IllegalArgumentException(
          "field %s: expected %s, got %s"
              .formatted(
                  path + name,
                  expected,
                  value.isMissingNode() ? "nothing" : value.getNodeType().toString()));
    }
    return value;
  }
}
