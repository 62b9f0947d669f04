package io.eddy.model.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.model.InvalidModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The safetensors container: 8 bytes of header length (little-endian), a JSON header, the data.
 *
 * <pre>
 *   { "__metadata__": { name: text }, tensor: { "dtype": "F32", "shape": […], "data_offsets": [from, to] } }
 * </pre>
 *
 * Only float32 is supported. Sizes are checked against the length of the file before an array is
 * allocated, and tensors must cover the data without gap or overlap, in the order of the header.
 */
final class Safetensors {
  private static final int MAX_HEADER_BYTES = 1 << 20;
  private static final int MAX_TENSORS = 5000;
  private static final long MAX_DATA_BYTES = 1 << 30;
  private static final String METADATA = "__metadata__";
  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Map<String, String> metadata;
  private final Map<String, Tensor> tensors;

  Safetensors(Map<String, String> metadata, Map<String, Tensor> tensors) {
    this.metadata = metadata;
    this.tensors = tensors;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  Map<String, Tensor> tensors() {
    return tensors;
  }

  /** Returns the bytes of the file. The same content gives the same bytes. */
  byte[] toBytes() {
    ObjectNode header = JSON.createObjectNode();
    ObjectNode texts = header.putObject(METADATA);
    metadata.forEach(texts::put);
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      ObjectNode node = header.putObject(entry.getKey());
      node.put("dtype", "F32");
      ArrayNode shape = node.putArray("shape");
      Arrays.stream(entry.getValue().shape()).forEach(shape::add);
      long end = offset + 4L * entry.getValue().values().length;
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    if (offset > MAX_DATA_BYTES) {
      throw new IllegalArgumentException(
          "tensors: expected at most %d bytes, got %d".formatted(MAX_DATA_BYTES, offset));
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    int padded = (text.length + 7) / 8 * 8;
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(8 + padded + offset)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(padded).put(text);
    while (bytes.position() < 8 + padded) {
      bytes.put((byte) ' ');
    }
    for (Tensor tensor : tensors.values()) {
      for (float value : tensor.values()) {
        bytes.putFloat(value);
      }
    }
    return bytes.array();
  }

  /** Reads a file; throws {@link InvalidModelException} with the reason if it is invalid. */
  static Safetensors parse(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < 8) {
      throw new InvalidModelException("truncated: %d bytes, not a safetensors file", file.length);
    }
    long length = bytes.getLong();
    if (length < 2 || length > MAX_HEADER_BYTES) {
      throw new InvalidModelException(
          "not a safetensors file: expected a header of 2 to %2$d bytes, got %1$d",
          length, MAX_HEADER_BYTES);
    }
    if (length > bytes.remaining()) {
      throw new InvalidModelException(
          "truncated: expected a header of %d bytes, got %d", length, bytes.remaining());
    }
    JsonNode header = parseHeader(new String(file, 8, (int) length, StandardCharsets.UTF_8));
    ByteBuffer data = bytes.slice(8 + (int) length, file.length - 8 - (int) length);
    return new Safetensors(
        readMetadata(header.path(METADATA)), readTensors(header, data.order(bytes.order())));
  }

  private static JsonNode parseHeader(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      JsonNode header = JSON.readTree(parser);
      if (header == null || !header.isObject() || header.size() > MAX_TENSORS) {
        throw new InvalidModelException("not a safetensors file: its header is not a JSON object");
      }
      return header;
    } catch (IOException e) {
      throw new InvalidModelException(
          "not a safetensors file: its header is not valid JSON: %s",
          e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage());
    }
  }

  private static Map<String, String> readMetadata(JsonNode node) {
    Map<String, String> metadata = new LinkedHashMap<>();
    node.properties().forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
    return metadata;
  }

  private static Map<String, Tensor> readTensors(JsonNode header, ByteBuffer data) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long offset = 0;
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (entry.getKey().equals(METADATA)) {
        continue;
      }
      String name = entry.getKey();
      JsonNode node = entry.getValue();
      if (!node.path("dtype").asText().equals("F32")) {
        throw new InvalidModelException(
            "%s: expected dtype F32, got %s", name, node.path("dtype").asText());
      }
      int[] shape = readShape(name, node.path("shape"), data.limit() / 4);
      long size = Tensor.sizeOf(shape);
      long from = node.path("data_offsets").path(0).asLong(-1);
      long to = node.path("data_offsets").path(1).asLong(-1);
      if (from != offset || to != from + 4 * size) {
        throw new InvalidModelException(
            "%s: expected data_offsets [%d, %d], got [%d, %d]",
            name, offset, offset + 4 * size, from, to);
      }
      if (to > data.limit()) {
        throw new InvalidModelException(
            "truncated: %s ends at byte %d of the data, which has %d bytes",
            name, to, data.limit());
      }
      float[] values = new float[(int) size];
      data.slice((int) from, (int) (to - from)).order(data.order()).asFloatBuffer().get(values);
      tensors.put(name, new Tensor(shape, values));
      offset = to;
    }
    if (offset != data.limit()) {
      throw new InvalidModelException(
          "expected %d bytes of data after the header, got %d", offset, data.limit());
    }
    return tensors;
  }

  private static int[] readShape(String name, JsonNode node, int maxSize) {
    if (!node.isArray() || node.size() > 4) {
      throw new InvalidModelException("%s: expected a shape of at most 4 dimensions", name);
    }
    int[] shape = new int[node.size()];
    long size = 1;
    for (int i = 0; i < shape.length; i++) {
      JsonNode dimension = node.get(i);
      if (!dimension.isIntegralNumber() || dimension.asLong() < 1 || dimension.asLong() > maxSize) {
        throw new InvalidModelException(
            "%s: the shape %s exceeds the %d numbers of the file, which may be truncated",
            name, node, maxSize);
      }
      shape[i] = dimension.asInt();
      size *= shape[i];
      if (size > maxSize) {
        throw new InvalidModelException(
            "%s: the shape %s exceeds the %d numbers of the file, which may be truncated",
            name, node, maxSize);
      }
    }
    return shape;
  }
}
