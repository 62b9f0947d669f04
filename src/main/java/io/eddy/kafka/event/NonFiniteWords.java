package io.eddy.kafka.event;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the words by which C, Go or Lua write NaN and infinity in JSON, in place of a number:
 * nan, -nan, inf, INF and others. The JSON parser itself accepts NaN, Infinity and -Infinity.
 */
final class NonFiniteWords {
  private static final List<String> WORDS = List.of("infinity", "inf", "nan");

  private NonFiniteWords() {}

  /** Returns a copy of a document with NaN in place of these words; null if it has none. */
  static byte @Nullable [] replace(byte[] document) {
    byte[] copy = document.clone();
    boolean isChanged = false;
    boolean isText = false;
    for (int i = 0; i < copy.length; i++) {
      if (copy[i] == '"') {
        isText = !isText;
      } else if (isText) {
        i += copy[i] == '\\' ? 1 : 0;
      } else if (isLetter(copy, i) && !isWordPart(copy, i - 1)) {
        isChanged |= replaceWord(copy, i);
      }
    }
    return isChanged ? copy : null;
  }

  private static boolean isLetter(byte[] bytes, int index) {
    int letter = bytes[index] | 0x20;
    return letter >= 'a' && letter <= 'z';
  }

  private static boolean isWordPart(byte[] bytes, int index) {
    boolean isInside = index >= 0 && index < bytes.length;
    return isInside && (isLetter(bytes, index) || (bytes[index] >= '0' && bytes[index] <= '9'));
  }

  private static boolean replaceWord(byte[] bytes, int from) {
    for (String word : WORDS) {
      int end = from + word.length();
      if (end <= bytes.length
          && !isWordPart(bytes, end)
          && new String(bytes, from, word.length(), StandardCharsets.US_ASCII)
              .toLowerCase(Locale.ROOT)
              .equals(word)) {
        boolean isSigned = from > 0 && (bytes[from - 1] == '-' || bytes[from - 1] == '+');
        for (int i = isSigned ? from - 1 : from; i < end; i++) {
          bytes[i] = ' ';
        }
        bytes[from] = 'N';
        bytes[from + 1] = 'a';
        bytes[from + 2] = 'N';
        return true;
      }
    }
    return false;
  }
}
