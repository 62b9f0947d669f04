package io.eddy.dataset;

import io.eddy.series.InvalidRecordException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The names of a CSV file's columns. */
public record CsvHeader(Path file, List<String> names) {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** The names of the first line; a byte order mark before them is no part of the first. */
  static CsvHeader of(Path file, List<String> fields) {
    List<String> names = new ArrayList<>(fields);
    if (names.get(0).startsWith(BYTE_ORDER_MARK)) {
      names.set(0, names.get(0).substring(BYTE_ORDER_MARK.length()));
    }
    names.replaceAll(String::strip);
    return new CsvHeader(file, names);
  }

  /**
   * Index of a column.
   *
   * @throws InvalidRecordException where it is not there, or twice
   */
  public int column(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new InvalidRecordException(
          "%s line 1: column %s is missing; the header is %s", file, name, String.join(",", names));
    }
    if (names.lastIndexOf(name) != index) {
      throw new InvalidRecordException("%s line 1: column %s is there twice", file, name);
    }
    return index;
  }
}
