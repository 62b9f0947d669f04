package io.eddy.kafka.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.eddy.series.NumberText;
import io.eddy.series.time.EpochUnit;
import io.eddy.series.time.InvalidTimestampException;
import io.eddy.series.time.TextShape;
import io.eddy.series.time.TimestampDetector;
import io.eddy.series.time.TimestampFormat;
import io.eddy.series.time.TimestampReader;
import io.eddy.series.time.TimestampSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of one field in a sample of rows. A few values of another kind than most others do not
 * change what is found.
 */
final class FieldProfile {
  /** Share of values that may be of another kind. */
  private static final double MAX_ODD_SHARE = 0.05;

  private static final int MIN_SEQUENCE = 5;
  private static final int MIN_UNIQUE = 20;
  private static final int MAX_WORDS = 6;

  private final String path;
  private final List<String> texts = new ArrayList<>();
  private final Set<String> distinct = new HashSet<>();
  private final Map<String, Integer> shapes = new HashMap<>();
  private int numbers;
  private int fractions;
  private int strings;
  private int booleans;
  private int missing;
  private @Nullable TimeField time;
  private String timeProblem = "";
  private boolean isTimeKnown;

  /**
   * Times in a field.
   *
   * @param isLocal whether times have no zone
   * @param count number of values that are times
   */
  record TimeField(TimestampFormat format, boolean isLocal, int count) {
    /** Reads a value; null if it is no time. Local times are read as UTC. */
    @Nullable Long read(String text) {
      try {
        return new TimestampReader(format, ZoneOffset.UTC, TimestampSource.EVENT).ofText(text);
      } catch (InvalidTimestampException e) {
        return null;
      }
    }
  }

  FieldProfile(String path) {
    this.path = path;
  }

  /** Adds the value of the next row. */
  void add(JsonNode value) {
    String text = value.isNumber() ? value.decimalValue().toPlainString() : value.asText();
    texts.add(text);
    distinct.add(text);
    shapes.merge(shape(text), 1, Integer::sum);
    if (value.isBoolean()) {
      booleans++;
    } else if (value.isNumber() || NumberText.isNumber(text)) {
      numbers++;
      fractions += text.indexOf('.') >= 0 || text.indexOf('e') >= 0 ? 1 : 0;
    }
    strings += value.isTextual() ? 1 : 0;
    missing += value.isTextual() && StateWords.isMissing(text) ? 1 : 0;
  }

  private static String shape(String text) {
    return NumberText.isNumber(text) ? "number" : TextShape.of(text);
  }

  String path() {
    return path;
  }

  int count() {
    return texts.size();
  }

  int distinctCount() {
    return distinct.size();
  }

  /** Returns the most frequent shape of the values, without their content. */
  String shape() {
    String shape =
        shapes.entrySet().stream()
            .max(
                Map.Entry.<String, Integer>comparingByValue()
                    .thenComparing(Map.Entry.comparingByKey()))
            .map(Map.Entry::getKey)
            .orElse("");
    return shape.equals("number")
        ? digits()
        : booleans > 0 && booleans == texts.size() ? "true or false" : "text of shape " + shape;
  }

  private String digits() {
    String example =
        texts.stream()
            .filter(NumberText::isNumber)
            .max(Comparator.comparingInt(String::length))
            .orElse("");
    return (fractions > 0 ? "number with a fraction" : "integer of %d digits")
            .formatted(example.replace("-", "").length())
        + (strings > numbers / 2 ? ", as text" : "");
  }

  private boolean areMost(int part) {
    return part > 0 && part >= (1 - MAX_ODD_SHARE) * texts.size();
  }

  /** Returns whether nearly all values are numbers, or words for a value that is not known. */
  boolean isNumeric() {
    return numbers > missing && areMost(numbers + missing);
  }

  /** Returns whether all values are words for one of two states, or for one that is not known. */
  boolean isState() {
    return !isNumeric() && !words().isEmpty();
  }

  /**
   * Returns the numbers that the words of this field usually stand for; NaN for a word of a missing
   * value. Empty if there are no words, or others.
   */
  Map<String, Double> words() {
    Set<String> words = new HashSet<>(distinct);
    words.removeIf(NumberText::isNumber);
    if (isNumeric()) {
      words.removeIf(word -> !StateWords.isMissing(word));
    } else if (words.size() < distinct.size()) {
      return Map.of();
    }
    Map<String, Double> numbers = words.size() > MAX_WORDS ? null : StateWords.numbers(words);
    return numbers == null ? Map.of() : numbers;
  }

  /** Returns whether nearly all values are text that is no number. */
  boolean isText() {
    return areMost(strings) && !isNumeric();
  }

  /** Returns whether some numbers have a fraction. */
  boolean hasFractions() {
    return fractions > 0;
  }

  boolean isConstant() {
    return distinct.size() == 1;
  }

  /** Returns whether the values are integers, nearly all of which exceed the previous one by 1. */
  boolean isCounter() {
    return isCounter(texts);
  }

  /** Returns whether values are integers, nearly all of which exceed the previous one by 1. */
  static boolean isCounter(List<String> values) {
    int steps = 0;
    int ones = 0;
    Long previous = null;
    for (String text : values) {
      Long number = integer(text);
      if (number != null && previous != null) {
        steps++;
        ones += number - previous == 1 ? 1 : 0;
      }
      previous = number == null ? previous : number;
    }
    return steps >= MIN_SEQUENCE && ones >= 0.9 * steps;
  }

  private static @Nullable Long integer(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Returns whether the values are many integers of which no two are the same. */
  boolean isUniqueInteger() {
    return isNumeric()
        && fractions == 0
        && texts.size() >= MIN_UNIQUE
        && distinct.size() >= (1 - MAX_ODD_SHARE) * texts.size();
  }

  /** Returns the times in this field; null if it has none. */
  @Nullable TimeField time() {
    if (!isTimeKnown) {
      isTimeKnown = true;
      time = findTime();
    }
    return time;
  }

  /** Returns why a field with the name of a time has none; empty otherwise. */
  String timeProblem() {
    return time() == null ? timeProblem : "";
  }

  private @Nullable TimeField findTime() {
    int rank = FieldNames.timeRank(path);
    if (booleans > 0 || (isNumeric() && rank == 0 && !isClock())) {
      return null;
    }
    Map<String, Integer> kinds = new HashMap<>();
    texts.forEach(text -> kinds.merge(timeKind(text), 1, Integer::sum));
    TimestampDetector detector = new TimestampDetector(TimestampSource.EVENT);
    int added = 0;
    for (String text : texts) {
      if (kinds.getOrDefault(timeKind(text), 0) > MAX_ODD_SHARE * texts.size()) {
        detector.add(text);
        added++;
      }
    }
    try {
      return added == 0 ? null : times(detector.detect());
    } catch (InvalidTimestampException e) {
      timeProblem = rank > 0 ? e.reason() : "";
      return null;
    }
  }

  /**
   * Returns whether the values are epochs of one unit that do not decrease, in a field without the
   * name of a measured value or an identifier.
   */
  boolean isClock() {
    boolean isNamed = FieldNames.isMeasured(path) || FieldNames.isIdentifier(path);
    if (isNamed || distinct.size() < MIN_SEQUENCE || texts.size() > numbers) {
      return false;
    }
    double before = 0;
    EpochUnit unit = null;
    for (String text : texts) {
      double number = Double.parseDouble(text);
      EpochUnit own = EpochUnit.of(number);
      if (own == null || number < before || (unit != null && own != unit)) {
        return false;
      }
      unit = own;
      before = number;
    }
    return true;
  }

  private static String timeKind(String text) {
    if (!NumberText.isNumber(text)) {
      return TextShape.of(text);
    }
    EpochUnit unit = EpochUnit.of(Double.parseDouble(text));
    return unit == null ? "number" : unit.name();
  }

  private @Nullable TimeField times(TimestampFormat format) {
    TimestampReader reader = new TimestampReader(format, ZoneOffset.UTC, TimestampSource.EVENT);
    int read = 0;
    for (String text : texts) {
      try {
        var unused = reader.ofText(text);
        read++;
      } catch (InvalidTimestampException e) {
        timeProblem = e.reason();
      }
    }
    return areMost(read) ? new TimeField(format, 2 * reader.counts().local() > read, read) : null;
  }
}
