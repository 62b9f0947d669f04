package io.eddy.kafka.state;

import io.eddy.series.Covariates;
import io.eddy.series.ExactSum;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Observation;
import io.eddy.series.OpenStep;
import io.eddy.series.OpenSteps;
import io.eddy.series.StepAggregate;
import io.eddy.series.StepAggregate.Stamped;
import io.eddy.series.StepAggregate.StampedRow;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Encodes open steps, big-endian:
 *
 * <pre>
 *    2  number of steps, then for each of them
 *    8  step
 *    8  number of aggregated observations; if it is not 0:
 *       1 number of parts of the sum, 8 each    8 minimum    8 maximum
 *       8 time and 8 value of the first         8 time and 8 value of the last
 *       2 number of covariates, for each 2 bytes of the name, the name, 8 time, 8 value
 *       2 number of future covariates, for each 2 bytes of the name, the name, 8 time, 4 steps, 8 each
 *    2  number of observations kept one by one, for each
 *       8 time    8 value    1 whether it has covariates: 2 their number and for each 2 bytes of the
 *       name, the name, 8; then future covariates, as {@link FutureCovariatesCodec} encodes them
 * </pre>
 */
final class OpenStepsCodec {
  private static final int FIXED_BYTES = Long.BYTES + Long.BYTES + Short.BYTES;
  private static final int NUMBERS_BYTES = 1 + 6 * Double.BYTES + 2 * Short.BYTES;
  private static final int OBSERVATION_BYTES = Long.BYTES + Double.BYTES + 1;

  private OpenStepsCodec() {}

  /** Returns the number of bytes that {@link #put} writes. */
  static int size(OpenSteps steps) {
    int size = Short.BYTES;
    for (OpenStep step : steps.all()) {
      size += FIXED_BYTES + totalsSize(step.folded());
      for (Observation observation : step.retained()) {
        size += OBSERVATION_BYTES + covariatesSize(observation);
      }
    }
    return size;
  }

  private static int totalsSize(StepAggregate totals) {
    if (totals.count() == 0) {
      return 0;
    }
    int size = NUMBERS_BYTES + Double.BYTES * totals.statistics().sum().parts().length;
    for (String name : totals.covariates().keySet()) {
      size += SegmentCodec.nameSize(name) + Long.BYTES + Double.BYTES;
    }
    for (Map.Entry<String, StampedRow> row : totals.futureCovariates().entrySet()) {
      size += SegmentCodec.nameSize(row.getKey()) + Long.BYTES + Integer.BYTES;
      size += Double.BYTES * row.getValue().values().length;
    }
    return size;
  }

  private static int covariatesSize(Observation observation) {
    if (hasNoCovariates(observation)) {
      return 0;
    }
    int size = Short.BYTES + FutureCovariatesCodec.size(observation.futureCovariates());
    for (String name : observation.covariates().values().keySet()) {
      size += SegmentCodec.nameSize(name) + Double.BYTES;
    }
    return size;
  }

  private static boolean hasNoCovariates(Observation observation) {
    return observation.covariates().isEmpty() && observation.futureCovariates().isEmpty();
  }

  static void put(ByteBuffer bytes, OpenSteps steps) {
    bytes.putShort((short) steps.size());
    for (OpenStep step : steps.all()) {
      bytes.putLong(step.step());
      putTotals(bytes, step.folded());
      bytes.putShort((short) step.retained().size());
      for (Observation observation : step.retained()) {
        bytes.putLong(observation.timestampMs()).putDouble(observation.value());
        bytes.put((byte) (hasNoCovariates(observation) ? 0 : 1));
        if (!hasNoCovariates(observation)) {
          putCovariates(bytes, observation);
        }
      }
    }
  }

  private static void putTotals(ByteBuffer bytes, StepAggregate totals) {
    bytes.putLong(totals.count());
    if (totals.count() == 0) {
      return;
    }
    StepAggregate.Statistics numbers = totals.statistics();
    double[] parts = numbers.sum().parts();
    bytes.put((byte) parts.length);
    for (double part : parts) {
      bytes.putDouble(part);
    }
    bytes.putDouble(numbers.min()).putDouble(numbers.max());
    putStamped(bytes, numbers.first());
    putStamped(bytes, numbers.last());
    bytes.putShort((short) totals.covariates().size());
    totals
        .covariates()
        .forEach(
            (name, number) -> {
              SegmentCodec.putName(bytes, name);
              putStamped(bytes, number);
            });
    bytes.putShort((short) totals.futureCovariates().size());
    totals
        .futureCovariates()
        .forEach(
            (name, row) -> {
              SegmentCodec.putName(bytes, name);
              bytes.putLong(row.timestampMs()).putInt(row.values().length);
              for (double number : row.values()) {
                bytes.putDouble(number);
              }
            });
  }

  private static void putStamped(ByteBuffer bytes, Stamped number) {
    bytes.putLong(number.timestampMs()).putDouble(number.value());
  }

  private static void putCovariates(ByteBuffer bytes, Observation observation) {
    Map<String, Double> covariates = observation.covariates().values();
    bytes.putShort((short) covariates.size());
    covariates.forEach(
        (name, number) -> {
          SegmentCodec.putName(bytes, name);
          bytes.putDouble(number);
        });
    FutureCovariatesCodec.put(bytes, observation.futureCovariates());
  }

  /** Reads what {@link #put} wrote into {@code steps}, which must be empty. */
  static void get(ByteBuffer bytes, OpenSteps steps) {
    int count = bytes.getShort() & 0xFFFF;
    for (int i = 0; i < count; i++) {
      OpenStep step = new OpenStep(bytes.getLong(), getTotals(bytes));
      int remembered = bytes.getShort() & 0xFFFF;
      for (int k = 0; k < remembered; k++) {
        step.restore(getObservation(bytes));
      }
      steps.append(step);
    }
  }

  private static StepAggregate getTotals(ByteBuffer bytes) {
    long count = bytes.getLong();
    if (count == 0) {
      return new StepAggregate();
    }
    ExactSum sum = new ExactSum();
    for (int left = bytes.get(); left > 0; left--) {
      sum.add(bytes.getDouble());
    }
    double min = bytes.getDouble();
    double max = bytes.getDouble();
    Stamped first = getStamped(bytes);
    Stamped last = getStamped(bytes);
    Map<String, Stamped> covariates = new HashMap<>();
    for (int left = bytes.getShort() & 0xFFFF; left > 0; left--) {
      covariates.put(SegmentCodec.getName(bytes), getStamped(bytes));
    }
    Map<String, StampedRow> ahead = new HashMap<>();
    for (int left = bytes.getShort() & 0xFFFF; left > 0; left--) {
      String name = SegmentCodec.getName(bytes);
      long time = bytes.getLong();
      ahead.put(name, new StampedRow(time, StoredNumbers.get(bytes, bytes.getInt())));
    }
    return StepAggregate.of(
        new StepAggregate.Statistics(count, sum, min, max, first, last), covariates, ahead);
  }

  private static Stamped getStamped(ByteBuffer bytes) {
    return new Stamped(bytes.getLong(), bytes.getDouble());
  }

  /** Reads an observation, without the name of its series: a state does not contain it. */
  private static Observation getObservation(ByteBuffer bytes) {
    long timestampMs = bytes.getLong();
    double value = bytes.getDouble();
    if (bytes.get() == 0) {
      return new Observation("", timestampMs, value, Covariates.NONE, FutureCovariates.NONE);
    }
    Map<String, Double> covariates = new TreeMap<>();
    for (int left = bytes.getShort() & 0xFFFF; left > 0; left--) {
      covariates.put(SegmentCodec.getName(bytes), bytes.getDouble());
    }
    return new Observation(
        "", timestampMs, value, new Covariates(covariates), FutureCovariatesCodec.get(bytes));
  }
}
