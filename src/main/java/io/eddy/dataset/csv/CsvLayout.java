package io.eddy.dataset.csv;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The columns of a CSV file that are read.
 *
 * @param series columns whose texts make the name of the series; empty if no column does
 * @param times one column with the time, or several that make it together
 * @param values columns with values; each of several is a series of its own
 * @param constant columns that are not read, but must not tell series apart
 * @param isStated whether the user has named the columns of time and value
 */
record CsvLayout(
    List<Integer> series,
    List<Integer> times,
    List<Integer> values,
    List<Integer> constant,
    boolean isStated) {
  CsvLayout {
    series = List.copyOf(series);
    times = List.copyOf(times);
    values = List.copyOf(values);
    constant = List.copyOf(constant);
  }

  /** Returns whether each of several columns is a series. */
  boolean isWide() {
    return values.size() > 1;
  }

  /** Returns the names of columns, joined by +. */
  static String names(CsvHeader header, List<Integer> columns) {
    return columns.stream().map(header::name).collect(Collectors.joining("+"));
  }

  /** Returns the time of a line, of several columns with blanks between them. */
  String time(List<String> fields) {
    return times.stream()
        .map(column -> fields.get(column).strip())
        .collect(Collectors.joining(" "));
  }

  /** Returns the columns that are not read. */
  List<String> ignored(CsvHeader header, List<String> covariates) {
    return IntStream.range(0, header.names().size())
        .filter(i -> !series.contains(i) && !times.contains(i) && !values.contains(i))
        .filter(i -> !covariates.contains(header.names().get(i)))
        .mapToObj(header::name)
        .toList();
  }
}
