package io.eddy.series;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The covariates of many observations or steps: a column for each name that has a number, NaN in
 * its rows that have none.
 */
public final class CovariateColumns {
  /** No rows: nothing can be set in it. */
  public static final CovariateColumns NONE = new CovariateColumns(0);

  private final int rows;
  private final Map<String, double[]> columns = new TreeMap<>();

  /** That many rows in which everything is missing. */
  public CovariateColumns(int rows) {
    this.rows = rows;
  }

  /** Whether no row has a number. */
  public boolean isEmpty() {
    return columns.isEmpty();
  }

  /** The names, in their order. */
  public Set<String> names() {
    return columns.keySet();
  }

  /** The number of that name in a row; NaN where it is missing. */
  public double value(String name, int row) {
    double[] column = columns.get(name);
    return column == null ? Double.NaN : column[row];
  }

  /** Sets what {@code covariates} have in a row of which nothing was set before. */
  public void set(int row, Covariates covariates) {
    covariates.values().forEach((name, value) -> set(row, name, value));
  }

  /** Sets one number; nothing where it is NaN. */
  public void set(int row, String name, double value) {
    if (!Double.isNaN(value)) {
      columns.computeIfAbsent(name, absent -> missing(rows))[row] = value;
    }
  }

  /** What a row has. */
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

  /** The same with that many rows: the last ones are left out, or missing; a copy. */
  public CovariateColumns resized(int rows) {
    int[] kept = new int[Math.min(rows, this.rows)];
    Arrays.setAll(kept, row -> row);
    return select(kept, rows);
  }

  /** Those rows in that order; a copy. */
  public CovariateColumns select(int[] kept) {
    return select(kept, kept.length);
  }

  private CovariateColumns select(int[] kept, int size) {
    CovariateColumns picked = new CovariateColumns(size);
    columns.forEach(
        (name, column) -> {
          double[] others = missing(size);
          for (int i = 0; i < kept.length; i++) {
            others[i] = column[kept[i]];
          }
          picked.columns.put(name, others);
        });
    return picked;
  }

  private static double[] missing(int rows) {
    double[] column = new double[rows];
    Arrays.fill(column, Double.NaN);
    return column;
  }
}
