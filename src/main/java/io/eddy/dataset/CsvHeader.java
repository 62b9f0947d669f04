package io.eddy.dataset;

import io.eddy.series.InvalidRecordException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Column names of a CSV file. */
public record CsvHeader(Path file, List<String> names) {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** Creates a header from the fields of the first line; ignores a byte order mark. */
  static CsvHeader of(Path file, List<String> fields) {
    List<String> names = new ArrayList<>(fields);
    if (names.get(0).startsWith(BYTE_ORDER_MARK)) {
      names.set(0, names.get(0).substring(BYTE_ORDER_MARK.length()));
    }
    names.replaceAll(String::strip);
    return new CsvHeader(file, names);
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
          "%s line 1: column %s is missing; the header is %s", file, name, String.join(",", names));
    }
    if (names.lastIndexOf(name) != index) {
      throw new InvalidRecordException("%s line 1: column %s occurs twice", file, name);
    }
    return index;
  }
}
