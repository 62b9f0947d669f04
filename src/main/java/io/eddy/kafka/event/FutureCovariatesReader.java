package io.eddy.kafka.event;

import io.eddy.series.FutureCovariates;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What an event says of the steps after it, checked number by number as it is read. */
final class FutureCovariatesReader {
  private static final int FIRST_SIZE = 32;

  private final Map<String, double[]> numbers = new TreeMap<>();
  private String name = "";
  private double[] row = {};
  private int size;
  private int total;

  /** Begins a covariate; one that was there before is forgotten. */
  void begin(String name) {
    end();
    this.name = name;
    row = new double[FIRST_SIZE];
    size = 0;
  }

  /** The field that is read, as an error names it. */
  String field() {
    return "ahead." + name;
  }

  /**
   * Takes the covariate's number in the next step; NaN is unknown.
   *
   * @throws InvalidRecordException where it is beyond reach, or one too many
   */
  void add(double number) {
    if (++total > FutureCovariates.MAX_VALUES) {
      throw new InvalidRecordException(
          "ahead: expected at most %d numbers in all", FutureCovariates.MAX_VALUES);
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

  /** Everything that was read. */
  FutureCovariates toLookAhead() {
    end();
    return FutureCovariates.of(numbers);
  }
}
