package io.eddy.dataset.csv;

import io.eddy.series.InvalidRecordException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Column names of a CSV file.
 *
 * @param line number of its line, from 1; 0 if the file has no header and columns are numbered
 * @param names unnamed columns have an empty name
 */
public record CsvHeader(Path file, long line, List<String> names) {
  public CsvHeader {
    names = List.copyOf(names);
  }

  /** Creates the header of a file without one: columns are named 1, 2, …. */
  static CsvHeader numbered(Path file, int columns) {
    return new CsvHeader(
        file, 0, IntStream.rangeClosed(1, columns).mapToObj(Integer::toString).toList());
  }

  /**
   * Creates a header. Trailing columns without a name and without data do not count.
   *
   * @param sample fields of the first lines of data
   */
  static CsvHeader of(Path file, long line, List<String> fields, List<List<String>> sample) {
    List<String> names = new ArrayList<>(fields.stream().map(String::strip).toList());
    while (names.size() > 1
        && names.get(names.size() - 1).isEmpty()
        && isEmpty(sample, names.size() - 1)) {
      names.remove(names.size() - 1);
    }
    return new CsvHeader(file, line, names);
  }

  private static boolean isEmpty(List<List<String>> sample, int column) {
    return sample.stream().allMatch(row -> row.size() <= column || row.get(column).isBlank());
  }

  /** Returns whether a column of that name exists. */
  boolean has(String name) {
    return names.contains(name);
  }

  /**
   * Returns the index of a column.
   *
   * @throws InvalidRecordException if the column is missing or occurs twice
   */
  public int column(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new InvalidRecordException(
          "%s%s: column %s is missing; the header is %s", file, where(), name, describe());
    }
    if (names.lastIndexOf(name) != index) {
      throw new InvalidRecordException(
          "%s%s: column %s occurs twice; if the header has several lines, join them to one",
          file, where(), name);
    }
    return index;
  }

  /** Returns the position for messages, with a leading blank; empty without a header line. */
  String where() {
    return line == 0 ? "" : " line " + line;
  }

  /** Returns the names for messages. */
  String describe() {
    return String.join(",", names);
  }

  /** Returns the name of a column for messages; its position if it has none. */
  String name(int column) {
    String name = names.get(column);
    return name.isEmpty() ? "#" + (column + 1) : name;
  }
}
