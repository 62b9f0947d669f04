package io.eddy.cli.report;

import io.eddy.cli.option.TableFormat;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a table: as CSV with a header line, or as JSON Lines, one object per row. A value that
 * does not exist is an empty field in CSV and null in JSON. The names of columns in JSON are in
 * camel case.
 */
final class TableWriter {
  private final BufferedWriter out;
  private final TableFormat format;
  private final List<String> columns;

  /**
   * Creates a writer; writes the header line of CSV.
   *
   * @param columns names, in lower case with underscores
   */
  TableWriter(BufferedWriter out, TableFormat format, List<String> columns) throws IOException {
    this.out = out;
    this.format = format;
    this.columns =
        format == TableFormat.CSV ? columns : columns.stream().map(TableWriter::camelCase).toList();
    if (format == TableFormat.CSV) {
      out.write(String.join(",", columns) + "\n");
    }
  }

  private static String camelCase(String name) {
    StringBuilder camelCase = new StringBuilder();
    for (String word : name.split("_", -1)) {
      camelCase.append(
          camelCase.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return camelCase.toString();
  }

  /** Writes a row; a number that is not finite is a value that does not exist. */
  void write(@Nullable Object... values) throws IOException {
    if (format == TableFormat.JSONL) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      for (int i = 0; i < values.length; i++) {
        row.put(columns.get(i), existing(values[i]));
      }
      out.write(Json.write(row) + "\n");
      return;
    }
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      Object value = existing(values[i]);
      line.append(i == 0 ? "" : ",");
      line.append(value == null ? "" : ForecastCsv.quoted(value.toString()));
    }
    out.write(line.append('\n').toString());
  }

  private static @Nullable Object existing(@Nullable Object value) {
    return value instanceof Double number && !Double.isFinite(number) ? null : value;
  }
}
