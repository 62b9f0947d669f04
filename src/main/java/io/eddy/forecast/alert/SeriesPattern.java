package io.eddy.forecast.alert;

/**
 * The series of a rule: one name, or all names with a prefix.
 *
 * @param text name or prefix
 * @param isPrefix whether every series whose name starts with the text matches
 */
record SeriesPattern(String text, boolean isPrefix) {
  /** Parses a name; a last {@code *} makes it a prefix. */
  static SeriesPattern of(String text) {
    return text.endsWith("*")
        ? new SeriesPattern(text.substring(0, text.length() - 1), true)
        : new SeriesPattern(text, false);
  }

  boolean matches(String series) {
    return isPrefix ? series.startsWith(text) : series.equals(text);
  }

  @Override
  public String toString() {
    return text + (isPrefix ? "*" : "");
  }
}
