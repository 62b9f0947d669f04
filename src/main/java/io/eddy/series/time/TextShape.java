package io.eddy.series.time;

/**
 * Shape of text for messages that must not quote it: {@code d} for each digit and {@code a} for
 * each letter.
 */
public final class TextShape {
  private static final int MAX_LENGTH = 40;

  private TextShape() {}

  /** Returns the shape, such as {@code dd/dd/dddd dd:dd}. */
  public static String of(String text) {
    String stripped = text.strip();
    StringBuilder shape = new StringBuilder();
    for (int i = 0; i < stripped.length() && i < MAX_LENGTH; i++) {
      char c = stripped.charAt(i);
      shape.append(
          c >= '0' && c <= '9' ? 'd' : Character.isLetter(c) ? 'a' : c < ' ' || c > '~' ? '?' : c);
    }
    return stripped.length() > MAX_LENGTH ? shape + "…" : shape.toString();
  }
}
