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
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The safetensors container: 8 bytes of header length (little-endian), a JSON header, the data.
 *
 * <pre>
 *   { "__metadata__": { name: text }, tensor: { "dtype": "F32", "shape": […], "data_offsets": [from, to] } }
 * </pre>
 *
 * The data of the tensors may be in another order than the header. They must cover the data without
 * gap or overlap. Sizes are checked against the length of the file before an array is allocated.
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

  /** Reads a file of float32 tensors; throws {@link InvalidModelException} with the reason. */
  static Safetensors parse(byte[] file) {
    return parse(file, EnumSet.of(DataType.F32));
  }

  /**
   * Reads a file and converts its tensors to float32.
   *
   * @param types allowed types
   * @throws InvalidModelException with the reason if the file is invalid
   */
  static Safetensors parse(byte[] file, Set<DataType> types) {
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
    JsonNode header = parseHeader(text(bytes.slice(8, (int) length)));
    ByteBuffer data = bytes.slice(8 + (int) length, file.length - 8 - (int) length);
    return new Safetensors(
        readMetadata(header.path(METADATA)), readTensors(header, data.order(bytes.order()), types));
  }

  private static String text(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidModelException("not a safetensors file: its header is not valid UTF-8");
    }
  }

  private static JsonNode parseHeader(String text) {
    if (!text.startsWith("{")) {
      throw new InvalidModelException("not a safetensors file: its header is not a JSON object");
    }
    try (JsonParser parser = JSON.createParser(text)) {
      JsonNode header = JSON.readTree(parser);
      if (header.size() > MAX_TENSORS) {
        throw new InvalidModelException(
            "header: expected at most %d tensors, got %d", MAX_TENSORS, header.size());
      }
      return header;
    } catch (IOException e) {
      throw new InvalidModelException(
          "not a safetensors file: its header is not valid JSON: %s",
          e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage());
    }
  }

  private static Map<String, String> readMetadata(JsonNode node) {
    if (!node.isMissingNode() && !node.isObject()) {
      throw new InvalidModelException("%s: expected an object with texts", METADATA);
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!entry.getValue().isTextual()) {
        throw new InvalidModelException(
            "%s: expected a text for the entry '%s'", METADATA, entry.getKey());
      }
      metadata.put(entry.getKey(), entry.getValue().textValue());
    }
    return metadata;
  }

  /** A tensor of the header: its bytes begin at {@code from} and end before {@code to}. */
  private record Entry(String name, DataType type, List<Integer> shape, long from, long to) {}

  /** Returns the tensors in the order of the header. */
  private static Map<String, Tensor> readTensors(
      JsonNode header, ByteBuffer data, Set<DataType> types) {
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (!entry.getKey().equals(METADATA)) {
        entries.add(entry(entry.getKey(), entry.getValue(), data.limit(), types));
      }
    }
    requireContiguous(entries, data.limit());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Entry entry : entries) {
      ByteBuffer bytes = data.slice((int) entry.from, (int) (entry.to - entry.from));
      float[] values = entry.type.read(bytes.order(data.order()));
      int[] shape = entry.shape.stream().mapToInt(Integer::intValue).toArray();
      tensors.put(entry.name, new Tensor(shape, values, entry.type));
    }
    return tensors;
  }

  private static Entry entry(String name, JsonNode node, int dataBytes, Set<DataType> types) {
    String dtype = node.path("dtype").asText();
    DataType type = DataType.of(dtype);
    if (type == null || !types.contains(type)) {
      String expected = types.stream().map(Enum::name).collect(Collectors.joining(", "));
      throw new InvalidModelException("%s: expected dtype %s, got %s", name, expected, dtype);
    }
    int[] shape = readShape(name, node.path("shape"), dataBytes / type.bytes());
    JsonNode offsets = node.path("data_offsets");
    long from = offsets.path(0).asLong(-1);
    long to = offsets.path(1).asLong(-1);
    long size = Tensor.sizeOf(shape) * type.bytes();
    if (offsets.size() != 2
        || !offsets.path(0).isIntegralNumber()
        || !offsets.path(1).isIntegralNumber()
        || from < 0
        || to - from != size) {
      throw new InvalidModelException(
          "%s: expected data_offsets [from, to] that are %d bytes apart, got %s",
          name, size, offsets.isMissingNode() ? "none" : offsets);
    }
    if (to > dataBytes) {
      throw new InvalidModelException(
          "truncated: %s ends at byte %d of the data, which has %d bytes", name, to, dataBytes);
    }
    return new Entry(name, type, Arrays.stream(shape).boxed().toList(), from, to);
  }

  /** Requires that the tensors cover the data without gap or overlap, in any order. */
  private static void requireContiguous(List<Entry> entries, int dataBytes) {
    List<Entry> sorted =
        entries.stream()
            .sorted(Comparator.comparingLong(Entry::from).thenComparingLong(Entry::to))
            .toList();
    long end = 0;
    for (Entry entry : sorted) {
      if (entry.from != end) {
        throw new InvalidModelException(
            "%s: begins at byte %d of the data, but the tensor before it ends at byte %d; expected"
                + " no %s",
            entry.name, entry.from, end, entry.from < end ? "overlap" : "gap");
      }
      end = entry.to;
    }
    if (end != dataBytes) {
      throw new InvalidModelException(
          "expected %d bytes of data after the header, got %d", end, dataBytes);
    }
  }

  private static int[] readShape(String name, JsonNode node, int maxSize) {
    if (!node.isArray() || node.size() > 4) {
      throw new InvalidModelException("%s: expected a shape of at most 4 dimensions", name);
    }
    int[] shape = new int[node.size()];
    boolean isEmpty = false;
    for (int i = 0; i < shape.length; i++) {
      JsonNode dimension = node.get(i);
      if (!(dimension.isInt() || dimension.isLong()) || dimension.asLong() < 0) {
        throw new InvalidModelException(
            "%s: expected a shape of whole numbers of at least 0, got %s", name, node);
      }
      isEmpty |= dimension.asLong() == 0;
    }
    long size = 1;
    for (int i = 0; i < shape.length; i++) {
      long dimension = node.get(i).asLong();
      size = isEmpty ? 0 : size * dimension;
      if (dimension > Integer.MAX_VALUE || size > maxSize) {
        throw new InvalidModelException(
            "%s: the shape %s exceeds the %d numbers of the file, which may be truncated",
            name, node, maxSize);
      }
      shape[i] = (int) dimension;
    }
    return shape;
  }
}
