package io.eddy.forecast.step;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.anomaly.Anomaly;
import io.eddy.forecast.anomaly.AnomalyDetector;
import io.eddy.forecast.anomaly.AnomalyPolicy;
import io.eddy.forecast.anomaly.AnomalyScore;
import io.eddy.forecast.anomaly.AnomalySettings;
import io.eddy.forecast.anomaly.Expectation;
import io.eddy.series.Interval;
import io.eddy.series.Sampling;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The anomaly detection of one series: its detector, and the forecast of the next step that the
 * value of that step is compared with.
 *
 * <p>The detector learns from values, and from their distance to the forecast in widths of its
 * interval, whichever version made it. A migration therefore keeps it. Another sampling grid begins
 * a new one.
 */
public final class SeriesAnomalies {
  private static final int MIN_LEVELS = 3;
  private static final long NO_STEP = Long.MIN_VALUE;
  private static final int EXPECTED_BYTES = 1 + Long.BYTES + 3 * Double.BYTES;

  private final AnomalyPolicy policy;
  private final Interval interval;
  private final AnomalyDetector detector;

  /** Whether the steps without a value before the next step are published as a silence. */
  private boolean isGapReported;

  private long expectedStep = NO_STEP;
  private double expected;
  private double low;
  private double high;

  /** Creates the detection of a series without steps. */
  SeriesAnomalies(AnomalyPolicy policy, Sampling sampling) {
    this.policy = policy;
    interval = sampling.interval();
    long intervalMs = interval.isFixed() ? interval.fixedMs() : interval.meanLength().toMillis();
    detector = new AnomalyDetector(new AnomalySettings(intervalMs, policy.expectedFalseAlarms()));
  }

  /** Restores what {@link #put} wrote. */
  static SeriesAnomalies decode(ByteBuffer bytes, AnomalyPolicy policy, Sampling sampling) {
    SeriesAnomalies anomalies = new SeriesAnomalies(policy, sampling);
    anomalies.isGapReported = bytes.get() != 0;
    anomalies.expectedStep = bytes.getLong();
    anomalies.expected = bytes.getDouble();
    anomalies.low = bytes.getDouble();
    anomalies.high = bytes.getDouble();
    anomalies.detector.get(bytes);
    return anomalies;
  }

  /** Returns the number of bytes that {@link #put} writes. */
  int bytes() {
    return EXPECTED_BYTES + detector.bytes();
  }

  /** Writes the state, big-endian. */
  void put(ByteBuffer bytes) {
    bytes.put((byte) (isGapReported ? 1 : 0));
    bytes.putLong(expectedStep).putDouble(expected).putDouble(low).putDouble(high);
    detector.put(bytes);
  }

  /** Returns the detection for another sampling grid, which knows nothing yet. */
  SeriesAnomalies restarted(Sampling sampling) {
    return new SeriesAnomalies(policy, sampling);
  }

  /**
   * Returns when the series counts as silent: after as many steps without a value as begin an
   * absence.
   *
   * @param newestMs latest time of the series
   */
  long silenceDueMs(long newestMs) {
    return interval.startMs(interval.stepOf(newestMs) + detector.absenceLimit() + 1);
  }

  /** Notes that the steps without a value before the next step are published as a silence. */
  void reportedSilence() {
    isGapReported = true;
  }

  /** Sets the forecast that the value of its first step will be compared with. */
  void expect(Forecast forecast, long firstStep) {
    int levels = forecast.quantileLevels().size();
    expectedStep = levels < MIN_LEVELS ? NO_STEP : firstStep;
    if (levels >= MIN_LEVELS) {
      expected = forecast.median(1);
      low = forecast.value(1, 0);
      high = forecast.value(1, levels - 1);
    }
  }

  /**
   * Scores a step that closes, and the steps without a value before it.
   *
   * @param missing number of these steps
   * @param isAgain whether the step closed before, and an observation revises it
   * @return what is to be published, in order of time; for a revised step always its score, which
   *     replaces what was published for it
   */
  List<Anomaly> close(long step, double value, long missing, boolean isAgain) {
    List<Anomaly> found = new ArrayList<>(1);
    long closedMs = interval.startMs(step);
    if (isGapReported) {
      detector.addReportedAbsences(missing);
      isGapReported = false;
    } else if (!detector.isEmpty()) {
      addAbsences(step - missing, step, closedMs, found);
    }
    Expectation forecast = step == expectedStep ? new Expectation(expected, low, high) : null;
    Anomaly anomaly =
        new Anomaly(closedMs, closedMs, value, detector.observe(closedMs, value, forecast));
    if (anomaly.isChange() || isAgain || policy.output() == AnomalyPolicy.Output.ALL) {
      found.add(anomaly);
    }
    return found;
  }

  /** Adds the steps without a value from one to another; costs the same for any number of them. */
  private void addAbsences(long from, long to, long closedMs, List<Anomaly> found) {
    for (long step = from; step < to; ) {
      long uneventful = Math.min(to - step, detector.uneventfulAbsences());
      if (uneventful > 0) {
        step += uneventful;
        detector.skipAbsences(interval.startMs(step - 1), uneventful);
      } else {
        long timeMs = interval.startMs(step++);
        AnomalyScore score = detector.absent(timeMs, false);
        Anomaly anomaly = new Anomaly(timeMs, closedMs, Double.NaN, score);
        if (anomaly.isChange()) {
          found.add(anomaly);
        }
      }
    }
  }
}
