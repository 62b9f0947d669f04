package io.eddy.forecast.step;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.anomaly.Anomaly;
import io.eddy.forecast.anomaly.AnomalyDetector;
import io.eddy.forecast.anomaly.AnomalyScore;
import io.eddy.forecast.anomaly.Expectation;
import io.eddy.series.Interval;
import io.eddy.series.Sampling;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  private static final int IS_GAP_REPORTED = 1;
  private static final int HAS_EXPECTATION = 2;
  private static final int EXPECTED_BYTES = 3 * Double.BYTES;

  private final AnomalyDetection detection;
  private final Interval interval;
  private final AnomalyDetector detector;

  /** Whether the steps without a value before the next step are published as a silence. */
  private boolean isGapReported;

  /** Forecast of the step after the last closed one; null without one. */
  private @Nullable Expectation expected;

  /** Creates the detection of a series without steps. */
  SeriesAnomalies(AnomalyDetection detection, Sampling sampling) {
    this.detection = detection;
    interval = sampling.interval();
    detector = new AnomalyDetector(detection.parameters(interval));
  }

  /** Restores what {@link #put} wrote. */
  static SeriesAnomalies decode(ByteBuffer bytes, AnomalyDetection detection, Sampling sampling) {
    SeriesAnomalies anomalies = new SeriesAnomalies(detection, sampling);
    int flags = bytes.get();
    anomalies.isGapReported = (flags & IS_GAP_REPORTED) != 0;
    if ((flags & HAS_EXPECTATION) != 0) {
      anomalies.expected = new Expectation(bytes.getDouble(), bytes.getDouble(), bytes.getDouble());
    }
    anomalies.detector.get(bytes);
    return anomalies;
  }

  /** Returns the number of bytes that {@link #put} writes. */
  int bytes() {
    return 1 + (expected == null ? 0 : EXPECTED_BYTES) + detector.bytes();
  }

  /** Writes the state, big-endian. */
  void put(ByteBuffer bytes) {
    Expectation forecast = expected;
    int flags = isGapReported ? IS_GAP_REPORTED : 0;
    bytes.put((byte) (forecast == null ? flags : flags | HAS_EXPECTATION));
    if (forecast != null) {
      bytes.putDouble(forecast.value()).putDouble(forecast.low()).putDouble(forecast.high());
    }
    detector.put(bytes);
  }

  /** Returns the detection for another sampling grid, which knows nothing yet. */
  SeriesAnomalies restarted(Sampling sampling) {
    return new SeriesAnomalies(detection, sampling);
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

  /** Sets the forecast that the value of the next step will be compared with. */
  void expect(Forecast forecast) {
    int levels = forecast.quantileLevels().size();
    expected =
        levels < MIN_LEVELS
            ? null
            : new Expectation(
                forecast.median(1), forecast.value(1, 0), forecast.value(1, levels - 1));
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
    long closedMs = interval.startMs(step);
    List<Anomaly> found = List.of();
    if (isGapReported) {
      detector.addReportedAbsences(missing);
      isGapReported = false;
    } else if (missing > 0 && !detector.isEmpty()) {
      found = new ArrayList<>();
      addAbsences(step - missing, step, closedMs, found);
    }
    boolean isChange = detector.add(closedMs, value, missing == 0 ? expected : null);
    if (isChange || isAgain || detection.publishesAll()) {
      found = found.isEmpty() ? new ArrayList<>(1) : found;
      found.add(new Anomaly(closedMs, closedMs, value, detector.score()));
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
