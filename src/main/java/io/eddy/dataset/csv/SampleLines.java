package io.eddy.dataset.csv;

import java.util.ArrayList;
import java.util.List;

/**
 * The lines at the beginning of a CSV file. Quoted line breaks do not end a line. The last line is
 * left out if it may be incomplete.
 */
final class SampleLines {
  private static final int MAX_LINES = 1000;
  private static final String SEPARATOR_LINE = "sep=";

  private SampleLines() {}

  /** A line and its number, from 1. */
  record Line(long number, String text) {
    boolean isComment() {
      return text.startsWith("#");
    }

    /** Returns whether it names the separator, as spreadsheet programs do in the first line. */
    boolean isSeparator() {
      return number == 1 && text.startsWith(SEPARATOR_LINE) && text.length() == 5;
    }

    /** Returns whether it has columns. */
    boolean hasColumns() {
      return !text.isBlank() && !isComment() && !isSeparator();
    }
  }

  static List<Line> of(CsvInput input) {
    String text = input.sample();
    List<Line> lines = new ArrayList<>();
    long number = 1;
    int start = 0;
    while (start < text.length() && lines.size() < MAX_LINES) {
      int end = end(text, start);
      if (end == text.length() && !input.isWhole() && !lines.isEmpty()) {
        break;
      }
      String line = text.substring(start, end);
      lines.add(new Line(number, line));
      number += 1 + breaks(line);
      start = end + (text.startsWith("\r\n", end) ? 2 : 1);
    }
    return lines;
  }

  private static int end(String text, int start) {
    boolean isComment = text.charAt(start) == '#';
    boolean isQuoted = false;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      isQuoted ^= c == '"' && !isComment;
      if (!isQuoted && (c == '\n' || c == '\r')) {
        return i;
      }
    }
    return text.length();
  }

  private static long breaks(String line) {
    return line.lines().count() > 1 ? line.lines().count() - 1 : 0;
  }
}
