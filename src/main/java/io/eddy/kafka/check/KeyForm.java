package io.eddy.kafka.check;

import io.eddy.kafka.event.KeyEncoding;
import io.eddy.series.time.EpochUnit;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Form of the records' keys, as far as their bytes tell it. */
enum KeyForm {
  /** Text in UTF-8 without control characters, except JSON objects. */
  STRING("string"),
  /** Bytes that are no text. */
  LONG("long"),
  INT("int"),
  SHORT("short"),
  UUID("uuid"),
  /** Text, and the start of a window. */
  WINDOWED("windowed"),
  /** An integer of 8 bytes, and the start of a window. */
  WINDOWED_LONG("windowed-long"),
  /** None of these, or no key. */
  NONE("");

  private static final double MIN_SHARE = 0.95;

  private final String id;

  KeyForm(String id) {
    this.id = id;
  }

  /** Returns the form of nearly all keys; {@link #NONE} if there is none. */
  static KeyForm of(List<ConsumerRecord<byte[], byte[]>> records) {
    Map<KeyForm, Integer> counts = new HashMap<>();
    records.forEach(record -> counts.merge(of(record.key()), 1, Integer::sum));
    return counts.entrySet().stream()
        .filter(count -> count.getValue() >= MIN_SHARE * records.size())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(NONE);
  }

  private static KeyForm of(byte @Nullable [] key) {
    if (key == null || key.length == 0) {
      return NONE;
    }
    String text = plainText(key);
    if (text != null) {
      return text.startsWith("{") ? NONE : STRING;
    }
    return switch (key.length) {
      case Short.BYTES -> SHORT;
      case Integer.BYTES -> INT;
      case Long.BYTES -> LONG;
      case 2 * Long.BYTES -> hasWindow(key) ? WINDOWED_LONG : UUID;
      default ->
          key.length > Long.BYTES && hasWindow(key) && plainText(head(key)) != null
              ? WINDOWED
              : NONE;
    };
  }

  /** Returns whether a key ends with a plausible time. */
  private static boolean hasWindow(byte[] key) {
    return EpochUnit.MS.isPlausible(ByteBuffer.wrap(key).getLong(key.length - Long.BYTES));
  }

  private static byte[] head(byte[] key) {
    return Arrays.copyOf(key, key.length - Long.BYTES);
  }

  private static @Nullable String plainText(byte[] key) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
      return text.chars().anyMatch(Character::isISOControl) ? null : text;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Returns a text that is the same for keys of the same series; null if the form is another. */
  @Nullable String text(byte @Nullable [] key) {
    if (this == NONE || key == null || of(key) != this) {
      return null;
    }
    return switch (this) {
      case STRING -> plainText(key);
      case WINDOWED -> plainText(head(key));
      case WINDOWED_LONG -> Long.toString(ByteBuffer.wrap(key).getLong());
      default -> new BigInteger(key).toString();
    };
  }

  /** Returns the encoding; only for forms other than {@link #NONE}. */
  KeyEncoding encoding() {
    return KeyEncoding.of(id, null, null);
  }
}
