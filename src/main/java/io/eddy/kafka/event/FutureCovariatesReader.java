package io.eddy.kafka.event;

import io.eddy.series.FutureCovariates;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Collects the future covariates of one event and checks each number as it is added. */
final class FutureCovariatesReader {
  private static final int INITIAL_CAPACITY = 32;

  private final Map<String, double[]> numbers = new TreeMap<>();
  private String name = "";
  private double[] row = {};
  private int size;
  private int total;

  /** Starts a covariate; earlier values of the same name are dropped. */
  void begin(String name) {
    end();
    this.name = name;
    row = new double[INITIAL_CAPACITY];
    size = 0;
  }

  /** Returns the path of the current field, for error messages. */
  String field() {
    return "ahead." + name;
  }

  /**
   * Adds the current covariate's value at the next step; NaN means unknown.
   *
   * @throws InvalidRecordException if the value is out of range or there are too many
   */
  void add(double number) {
    if (++total > FutureCovariates.MAX_VALUES) {
      throw new InvalidRecordException(
          "ahead: expected at most %d numbers in total", FutureCovariates.MAX_VALUES);
    }
    if (!Double.isNaN(number) && !Observation.isInRange(number)) {
      throw new InvalidRecordException("%s: expected numbers within ±1e35", field()).got(number);
    }
    row = size == row.length ? Arrays.copyOf(row, 2 * size) : row;
    row[size++] = number;
  }

  private void end() {
    if (!name.isEmpty()) {
      numbers.put(name, Arrays.copyOf(row, size));
    }
  }

  /** Returns the covariates that were added. */
  FutureCovariates toFutureCovariates() {
    end();
    return FutureCovariates.of(numbers);
  }
}
