package io.eddy.dataset.csv;

import io.eddy.series.NumberText;
import io.eddy.series.time.InvalidTimestampException;
import io.eddy.series.time.TimestampFormat;
import io.eddy.series.time.TimestampReader;
import io.eddy.series.time.TimestampSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Contents of a column in the first lines of a file. */
final class ColumnContents {
  private static final Pattern DATE =
      Pattern.compile("\\d{1,4}[/.-]\\d{1,2}[/.-]\\d{1,4}([ T,].*)?");
  private static final Pattern TIME_OF_DAY =
      Pattern.compile("\\d{1,2}:\\d{2}(:\\d{2}([.,]\\d+)?)?( ?[AaPp][Mm])?");

  /** Numbers with any separators, signs and units of currency or percent. */
  private static final Pattern NUMBER_LIKE =
      Pattern.compile(
          "[-+\u2212]?[\\p{Sc}]?\\s*[-+]?\\d*[\\d.,'\u2019_ \u00a0\u202f]*\\d[.,]?([eE][-+]?\\d+)?\\s*[%\\p{Sc}]?");

  /** Kinds of contents. A first line that differs from all others does not count. */
  enum Kind {
    EMPTY,
    NUMBER,
    TIME,
    TIME_OF_DAY,
    TEXT
  }

  private final Kind kind;
  private final boolean isRowNumber;
  private final boolean isVarying;
  private final boolean isDistinct;

  private ColumnContents(List<String> texts) {
    kind = kind(texts);
    isRowNumber = kind == Kind.NUMBER && isRowNumber(texts);
    int distinct = new HashSet<>(texts).size();
    isVarying = distinct > 1;
    isDistinct = distinct > 2 && distinct == texts.size();
  }

  /**
   * Returns the contents of a column.
   *
   * @param sample fields of the first lines
   */
  static ColumnContents of(List<List<String>> sample, int column) {
    return new ColumnContents(
        sample.stream()
            .filter(row -> row.size() > column)
            .map(row -> row.get(column).strip())
            .toList());
  }

  private static Kind kind(List<String> texts) {
    List<Kind> kinds =
        texts.stream()
            .filter(text -> !MissingWords.isMissing(text))
            .map(ColumnContents::kindOf)
            .toList();
    if (kinds.isEmpty()) {
      return Kind.EMPTY;
    }
    Set<Kind> all = new HashSet<>(kinds);
    if (all.size() > 1 && kinds.size() > 2) {
      all = new HashSet<>(kinds.subList(1, kinds.size()));
    }
    return all.size() == 1 ? all.iterator().next() : Kind.TEXT;
  }

  private static Kind kindOf(String text) {
    if (NumberText.isNumber(text)) {
      return Kind.NUMBER;
    }
    if (TIME_OF_DAY.matcher(text).matches()) {
      return Kind.TIME_OF_DAY;
    }
    if (isTime(text)) {
      return Kind.TIME;
    }
    return NUMBER_LIKE.matcher(text).matches() ? Kind.NUMBER : Kind.TEXT;
  }

  /** Returns whether a text other than a number is a time, or a date in any order. */
  static boolean isTime(String text) {
    if (text.isBlank() || !hasDigit(text)) {
      return false;
    }
    if (DATE.matcher(text).matches()) {
      return true;
    }
    try {
      var unused =
          new TimestampReader(TimestampFormat.AUTO, null, TimestampSource.CSV).ofText(text);
      return !NumberText.isNumber(text);
    } catch (InvalidTimestampException e) {
      return false;
    }
  }

  /** Returns whether a text is a number or a time. */
  static boolean isTimeOrNumber(String text) {
    return NumberText.isNumber(text) || isTime(text);
  }

  /** Returns whether a text may be a time, a time of day, or a number in any spelling. */
  static boolean isData(String text) {
    return kindOf(text) != Kind.TEXT;
  }

  private static boolean hasDigit(String text) {
    return text.chars().anyMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean isRowNumber(List<String> texts) {
    if (texts.size() < 2 || !(texts.get(0).equals("0") || texts.get(0).equals("1"))) {
      return false;
    }
    int first = Integer.parseInt(texts.get(0));
    for (int i = 1; i < texts.size(); i++) {
      if (!texts.get(i).equals(Integer.toString(first + i))) {
        return false;
      }
    }
    return true;
  }

  Kind kind() {
    return kind;
  }

  /** Returns whether the column counts the lines. */
  boolean isRowNumber() {
    return isRowNumber;
  }

  /** Returns whether no text of the column occurs twice. */
  boolean isDistinct() {
    return isDistinct;
  }

  /** Returns whether the column has different texts. */
  boolean isVarying() {
    return isVarying;
  }
}
