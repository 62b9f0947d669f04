package io.eddy.series;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Covariates of a sequence of rows (observations or steps), stored as one column per name. NaN
 * marks a missing value.
 */
public final class CovariateColumns {
  /** An instance without rows. It accepts no values. */
  public static final CovariateColumns NONE = new CovariateColumns(0);

  private final int rows;
  private final Map<String, double[]> columns = new TreeMap<>();

  /** Creates the given number of rows with all values missing. */
  public CovariateColumns(int rows) {
    this.rows = rows;
  }

  /** Returns whether every value is missing. */
  public boolean isEmpty() {
    return columns.isEmpty();
  }

  /** Returns the column names in ascending order. */
  public Set<String> names() {
    return columns.keySet();
  }

  /** Returns the value of a covariate in a row, or NaN if it is missing. */
  public double value(String name, int row) {
    double[] column = columns.get(name);
    return column == null ? Double.NaN : column[row];
  }

  /** Sets all covariates of a row. The row must be empty. */
  public void set(int row, Covariates covariates) {
    covariates.values().forEach((name, value) -> set(row, name, value));
  }

  /** Sets one value. NaN leaves the value missing. */
  public void set(int row, String name, double value) {
    if (!Double.isNaN(value)) {
      columns.computeIfAbsent(name, absent -> missing(rows))[row] = value;
    }
  }

  /** Returns the covariates of a row. */
  public Covariates row(int row) {
    if (columns.isEmpty()) {
      return Covariates.NONE;
    }
    Map<String, Double> values = new TreeMap<>();
    columns.forEach(
        (name, column) -> {
          if (!Double.isNaN(column[row])) {
            values.put(name, column[row]);
          }
        });
    return new Covariates(values);
  }

  /** Returns a copy with the given number of rows: truncated, or padded with missing values. */
  public CovariateColumns resized(int rows) {
    int[] rowIndexes = new int[Math.min(rows, this.rows)];
    Arrays.setAll(rowIndexes, row -> row);
    return select(rowIndexes, rows);
  }

  /** Returns a copy that consists of the given rows, in the given order. */
  public CovariateColumns select(int[] rowIndexes) {
    return select(rowIndexes, rowIndexes.length);
  }

  private CovariateColumns select(int[] rowIndexes, int size) {
    CovariateColumns selected = new CovariateColumns(size);
    columns.forEach(
        (name, column) -> {
          double[] values = missing(size);
          for (int i = 0; i < rowIndexes.length; i++) {
            values[i] = column[rowIndexes[i]];
          }
          selected.columns.put(name, values);
        });
    return selected;
  }

  private static double[] missing(int rows) {
    double[] column = new double[rows];
    Arrays.fill(column, Double.NaN);
    return column;
  }
}
