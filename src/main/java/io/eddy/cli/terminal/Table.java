package io.eddy.cli.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table of text with aligned columns. Each column is as wide as its longest cell. */
public final class Table {
  private static final String SEPARATOR = "  ";

  private enum Alignment {
    LEFT,
    RIGHT
  }

  private final String indent;
  private final List<Alignment> alignments = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>(List.of(new ArrayList<>()));

  /** Creates a table without columns. */
  public Table() {
    this("");
  }

  private Table(String indent) {
    this.indent = indent;
  }

  /** Creates a table without columns whose lines start with two spaces. */
  public static Table indented() {
    return new Table("  ");
  }

  /** Adds a left-aligned column, for names. */
  public Table left(String header) {
    return column(Alignment.LEFT, header);
  }

  /** Adds a right-aligned column, for numbers. */
  public Table right(String header) {
    return column(Alignment.RIGHT, header);
  }

  private Table column(Alignment alignment, String header) {
    alignments.add(alignment);
    rows.get(0).add(header);
    return this;
  }

  /**
   * Adds a row.
   *
   * @param cells one for each column; null for an empty cell
   */
  public void row(@Nullable Object... cells) {
    if (cells.length != alignments.size()) {
      throw new IllegalArgumentException(
          "expected %d cells, got %d".formatted(alignments.size(), cells.length));
    }
    rows.add(Arrays.stream(cells).map(cell -> cell == null ? "" : cell.toString()).toList());
  }

  /** Prints the header, unless every header is empty, and the rows. */
  public void print(Console console) {
    lines().forEach(line -> console.println("%s", line));
  }

  List<String> lines() {
    boolean hasHeader = rows.get(0).stream().anyMatch(header -> !header.isEmpty());
    int[] widths = new int[alignments.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().skip(hasHeader ? 0 : 1).map(row -> line(row, widths)).toList();
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder(indent);
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      String padding = " ".repeat(widths[i] - cell.length());
      line.append(i == 0 ? "" : SEPARATOR);
      line.append(alignments.get(i) == Alignment.LEFT ? cell + padding : padding + cell);
    }
    return line.toString().stripTrailing();
  }
}
