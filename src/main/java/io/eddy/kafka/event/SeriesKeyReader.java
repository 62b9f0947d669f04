package io.eddy.kafka.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads series names, or parts of them, from the keys of records. Not thread-safe.
 *
 * <p>A windowed key is the key without a window, followed by the start of the window (time windows)
 * or by its end and start (session windows), each in 8 bytes, as Kafka Streams serializes it.
 */
final class SeriesKeyReader {
  private static final int MAX_KEY_BYTES = 4096;
  private static final int UUID_BYTES = 16;

  /** End of the year 9999, epoch milliseconds. */
  private static final long MAX_WINDOW_MS = 253_402_300_799_999L;

  private static final Pattern UUID_TEXT =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build())
          .build();

  private final SeriesKey key;
  private final KeyEncoding encoding;
  private final AvroKeys avro;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

  SeriesKeyReader(SeriesKey key) {
    this.key = key;
    encoding = key.encoding();
    avro = new AvroKeys(encoding);
  }

  /**
   * Returns the name that the whole key gives.
   *
   * @throws InvalidRecordException if the key is not a name in the expected format
   */
  String name(byte @Nullable [] bytes) {
    byte[] inner = inner(bytes);
    return switch (encoding.format()) {
      case AVRO, JSON -> SeriesKey.requireName("key", join(structure(inner)));
      default -> SeriesKey.requireName("key", scalar(inner));
    };
  }

  /** Returns one field of an Avro or JSON key. */
  String field(byte @Nullable [] bytes, String path) {
    byte[] inner = inner(bytes);
    String text =
        encoding.format() == KeyFormat.AVRO || encoding.format() == KeyFormat.JSON
            ? structure(inner).get(path)
            : null;
    if (text == null) {
      throw new InvalidRecordException(
          "key has no field %s with a string or an integer: check events.key and"
              + " events.key-format",
          path);
    }
    return text;
  }

  /**
   * Returns the texts and integers of a key by path; a key without fields has the path "".
   *
   * @throws InvalidRecordException if the key is not in the expected format
   */
  Map<String, String> fields(byte @Nullable [] bytes) {
    byte[] inner = inner(bytes);
    return switch (encoding.format()) {
      case AVRO, JSON -> structure(inner);
      default -> Map.of("", SeriesKey.requireName("key", scalar(inner)));
    };
  }

  /** Returns the key without its window. */
  private byte[] inner(byte @Nullable [] bytes) {
    if (bytes == null || bytes.length == 0) {
      throw new InvalidRecordException(
          "key is empty: expected the name of the series; for events without keys set events.key:"
              + " fields of the value, topic, or constant:NAME");
    }
    if (bytes.length > MAX_KEY_BYTES) {
      throw new InvalidRecordException(
          "key: expected at most %d bytes, got %d", SeriesKey.MAX_BYTES, bytes.length);
    }
    return encoding.isWindowed() ? withoutWindow(bytes) : bytes;
  }

  private byte[] withoutWindow(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int end = bytes.length - Long.BYTES;
    if (end < 1 || !isWindowTime(buffer.getLong(end))) {
      throw mismatch(
          "a key followed by the 8 bytes of a window's start", "%d bytes".formatted(bytes.length));
    }
    int session = end - Long.BYTES;
    boolean isSession =
        session >= 1
            && hasLengthOf(session)
            && isWindowTime(buffer.getLong(session))
            && buffer.getLong(session) >= buffer.getLong(end)
            && bytes[session] == 0
            && bytes[session + 1] == 0;
    return Arrays.copyOf(bytes, isSession ? session : end);
  }

  /** Returns whether a key of this format can have a length. */
  private boolean hasLengthOf(int length) {
    return switch (encoding.format()) {
      case LONG -> length == Long.BYTES;
      case INT -> length == Integer.BYTES;
      case SHORT -> length == Short.BYTES;
      default -> true;
    };
  }

  private static boolean isWindowTime(long timestampMs) {
    return timestampMs >= 0 && timestampMs <= MAX_WINDOW_MS;
  }

  private String scalar(byte[] bytes) {
    return switch (encoding.format()) {
      case LONG -> Long.toString(buffer(bytes, Long.BYTES).getLong());
      case INT -> Integer.toString(buffer(bytes, Integer.BYTES).getInt());
      case SHORT -> Short.toString(buffer(bytes, Short.BYTES).getShort());
      case UUID -> uuid(bytes);
      default -> text(bytes);
    };
  }

  private ByteBuffer buffer(byte[] bytes, int length) {
    if (bytes.length != length) {
      throw mismatch("%d bytes".formatted(length), Integer.toString(bytes.length));
    }
    return ByteBuffer.wrap(bytes);
  }

  private String uuid(byte[] bytes) {
    if (bytes.length == UUID_BYTES) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      return new java.util.UUID(buffer.getLong(), buffer.getLong()).toString();
    }
    String text = text(bytes);
    if (!UUID_TEXT.matcher(text).matches()) {
      throw mismatch("a UUID as text or 16 bytes", "%d bytes".formatted(bytes.length));
    }
    return text;
  }

  private String text(byte[] bytes) {
    try {
      return utf8.decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidRecordException(
          "key is not valid UTF-8: for keys that are not text set events.key-format");
    }
  }

  private Map<String, String> structure(byte[] bytes) {
    return encoding.format() == KeyFormat.AVRO ? avro.read(bytes) : json(bytes);
  }

  /**
   * Joins all fields; those of a JSON object have no fixed order, so that there may be only one.
   */
  private String join(Map<String, String> fields) {
    if (encoding.format() == KeyFormat.JSON && fields.size() > 1) {
      throw new InvalidRecordException(
          "key is a JSON object with %d fields: choose some with events.key = record.FIELD",
          fields.size());
    }
    if (fields.isEmpty()) {
      throw new InvalidRecordException(
          "key has no field with a string or an integer: check events.key-format");
    }
    return key.join(
        fields.keySet().stream().map(path -> "key field " + path).toList(),
        fields.values().toArray(String[]::new));
  }

  private Map<String, String> json(byte[] bytes) {
    Map<String, String> fields = new LinkedHashMap<>();
    try (JsonParser parser = JSON.createParser(bytes)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_OBJECT) {
        object(parser, "", fields);
      } else {
        scalar(parser, "", fields);
      }
      if (parser.nextToken() != null) {
        throw mismatch("a single JSON value", "trailing content");
      }
    } catch (IOException e) {
      throw new InvalidRecordException("key is not valid JSON: check events.key-format");
    }
    return payload(fields);
  }

  /** Returns the fields without the schema that Kafka Connect's JSON converter adds. */
  private static Map<String, String> payload(Map<String, String> fields) {
    boolean isEnvelope =
        fields.containsKey("schema.type")
            && fields.keySet().stream()
                .allMatch(path -> path.startsWith("schema.") || path.startsWith("payload"));
    if (!isEnvelope) {
      return fields;
    }
    Map<String, String> payload = new LinkedHashMap<>();
    fields.forEach(
        (path, text) -> {
          if (path.startsWith("payload")) {
            payload.put(path.equals("payload") ? "" : path.substring("payload.".length()), text);
          }
        });
    return payload;
  }

  private static void object(JsonParser parser, String parent, Map<String, String> fields)
      throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String path = parent + parser.currentName();
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        object(parser, path + '.', fields);
      } else {
        scalar(parser, path, fields);
      }
    }
  }

  private static void scalar(JsonParser parser, String path, Map<String, String> fields)
      throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT) {
      fields.put(path, parser.getText());
    } else {
      parser.skipChildren();
    }
  }

  private InvalidRecordException mismatch(String expected, String got) {
    return new InvalidRecordException(
        "key: expected %s for events.key-format = %s, got %s", expected, encoding.id(), got);
  }
}
