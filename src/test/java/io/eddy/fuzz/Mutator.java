package io.eddy.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Mutates valid inputs in ways that decoders of binary and of text formats are sensitive to:
 * lengths, numbers at the limits of their types, variable-length integers, nesting, repeated and
 * missing parts.
 */
final class Mutator {
  private static final int MAX_MUTATIONS = 4;
  private static final int MAX_BYTES = 1 << 16;
  private static final long[] INTEGERS = {
    0,
    1,
    -1,
    2,
    127,
    128,
    255,
    256,
    32767,
    32768,
    65535,
    65536,
    1 << 20,
    1 << 28,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Integer.MAX_VALUE - 8,
    0xFFFFFFFFL,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    0x7FF8000000000000L,
    0x7FF0000000000000L,
    0x3FF0000000000000L
  };
  private static final List<String> TOKENS =
      List.of(
          "0",
          "-1",
          "1e308",
          "1e999",
          "-0.0",
          "9223372036854775807",
          "9223372036854775808",
          "2147483648",
          "NaN",
          "null",
          "true",
          "\"\"",
          "[]",
          "{}",
          "[[[[[[[[",
          "{\"a\":{\"a\":",
          "\\u0000",
          "\\ud800",
          "\u0000",
          "1e-400",
          "0x10",
          "99999999999999999999999999999999",
          ",",
          ":",
          "\"",
          "\\",
          "\n",
          "PT1H",
          "P999999999D",
          "-",
          "=",
          " ",
          "${env:HOME}",
          "\\uZZ");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");

  private final List<byte[]> examples;
  private final Random random;

  Mutator(List<byte[]> examples, Random random) {
    this.examples = examples;
    this.random = random;
  }

  /** Returns an example with one to four mutations. */
  byte[] next() {
    byte[] input = example().clone();
    for (int i = 1 + random.nextInt(MAX_MUTATIONS); i > 0; i--) {
      input = mutate(input);
    }
    return input.length > MAX_BYTES ? Arrays.copyOf(input, MAX_BYTES) : input;
  }

  private byte[] example() {
    return examples.get(random.nextInt(examples.size()));
  }

  private byte[] mutate(byte[] input) {
    if (input.length == 0) {
      return noise();
    }
    int at = random.nextInt(input.length);
    return switch (random.nextInt(13)) {
      case 0 -> flipped(input, at);
      case 1 -> overwritten(input, at, new byte[] {(byte) random.nextInt(256)});
      case 2, 3 -> overwritten(input, at, integer());
      case 4 -> overwritten(input, at, variableLength());
      case 5 -> Arrays.copyOf(input, at);
      case 6 -> without(input, at);
      case 7 -> repeated(input, at);
      case 8 -> inserted(input, at, token());
      case 9, 10 -> otherNumber(input);
      case 11 -> inserted(input, at, noise());
      default -> joined(input, at);
    };
  }

  private byte[] noise() {
    byte[] bytes = new byte[1 + random.nextInt(16)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] token() {
    return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] flipped(byte[] input, int at) {
    input[at] ^= (byte) (1 << random.nextInt(8));
    return input;
  }

  private static byte[] overwritten(byte[] input, int at, byte[] bytes) {
    System.arraycopy(bytes, 0, input, at, Math.min(bytes.length, input.length - at));
    return input;
  }

  /** Returns an integer of 1, 2, 4 or 8 bytes in one of the two byte orders. */
  private byte[] integer() {
    long value = INTEGERS[random.nextInt(INTEGERS.length)];
    byte[] all =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    byte[] bytes = Arrays.copyOf(all, 1 << random.nextInt(4));
    if (random.nextBoolean()) {
      for (int i = 0; i < bytes.length / 2; i++) {
        byte low = bytes[i];
        bytes[i] = bytes[bytes.length - 1 - i];
        bytes[bytes.length - 1 - i] = low;
      }
    }
    return bytes;
  }

  /** Returns an integer as Avro (zigzag) or Protobuf write it. */
  private byte[] variableLength() {
    long value = INTEGERS[random.nextInt(INTEGERS.length)];
    long rest = random.nextBoolean() ? value : (value << 1) ^ (value >> 63);
    ByteBuffer bytes = ByteBuffer.allocate(10);
    while ((rest & ~0x7FL) != 0) {
      bytes.put((byte) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    bytes.put((byte) rest);
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private byte[] without(byte[] input, int at) {
    int length = 1 + random.nextInt(Math.min(16, input.length - at));
    return concatenated(
        Arrays.copyOf(input, at), Arrays.copyOfRange(input, at + length, input.length));
  }

  /** Repeats a part, mostly a few times. */
  private byte[] repeated(byte[] input, int at) {
    int length = 1 + random.nextInt(Math.min(64, input.length - at));
    int times = random.nextInt(20) == 0 ? 1000 : 1 + random.nextInt(4);
    byte[] copies = new byte[length * times];
    for (int i = 0; i < copies.length; i++) {
      copies[i] = input[at + i % length];
    }
    return inserted(input, at, copies);
  }

  private static byte[] inserted(byte[] input, int at, byte[] bytes) {
    return concatenated(
        concatenated(Arrays.copyOf(input, at), bytes), Arrays.copyOfRange(input, at, input.length));
  }

  /** Replaces a number in text. */
  private byte[] otherNumber(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    Matcher matcher = NUMBER.matcher(text);
    for (int skip = random.nextInt(8); matcher.find(); skip--) {
      if (skip <= 0) {
        String token = new String(token(), StandardCharsets.ISO_8859_1);
        return (text.substring(0, matcher.start()) + token + text.substring(matcher.end()))
            .getBytes(StandardCharsets.ISO_8859_1);
      }
    }
    return flipped(input, random.nextInt(input.length));
  }

  /** Returns the begin of one input and the end of another. */
  private byte[] joined(byte[] input, int at) {
    byte[] other = example();
    int from = random.nextInt(other.length + 1);
    return concatenated(Arrays.copyOf(input, at), Arrays.copyOfRange(other, from, other.length));
  }

  private static byte[] concatenated(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
