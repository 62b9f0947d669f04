package io.eddy.forecast.anomaly;

import io.eddy.forecast.anomaly.AnomalyScore.Change;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Begins and ends the episodes of a series.
 *
 * <p>An episode of values ends after {@value #QUIET_STEPS} steps that are not anomalous, or after
 * {@value #MAX_STEPS} steps, when the new behaviour counts as usual. One of absent values begins
 * after more than twice the longest earlier absence, at least {@value #MIN_ABSENT_STEPS} steps, and
 * ends at the next value. An episode of values that is open ends one step before that.
 */
final class EpisodeTracker {
  private static final int CLOSED_BYTES = 1 + 2 * Long.BYTES;
  private static final int OPEN_BYTES = 2 + 3 * Long.BYTES + 5 * Double.BYTES;
  private static final List<AnomalyKind> KINDS = List.of(AnomalyKind.values());

  private static final int QUIET_STEPS = 8;
  private static final int MAX_STEPS = 300;
  private static final int MIN_ABSENT_STEPS = 3;
  private static final double CONTINUED = 0.8;
  private static final double FAR = 3;

  private @Nullable Episode open;
  private @Nullable EpisodeShape shape;
  private int quietSteps;
  private long absentSteps;
  private long longestAbsence;
  private Change change = Change.NONE;
  private boolean isOpen;

  /**
   * One step that has a value.
   *
   * @param score in [0, 1]
   * @param strength without the memory of recent alarms
   * @param threshold of the strength
   * @param expected from the steps before
   * @param reference expected from what was known before the episode
   * @param scale usual absolute error
   * @param sameSteps number of steps before it with the same value
   * @param isFlat whether that number is a record
   */
  record ScoredStep(
      long timestampMs,
      double value,
      double score,
      double strength,
      double threshold,
      Expectation expected,
      double reference,
      double scale,
      long sameSteps,
      boolean isFlat) {}

  /** Returns the episode that begins, continues or ends at the last step; null without one. */
  @Nullable Episode episode() {
    return change == Change.NONE ? null : open;
  }

  Change change() {
    return change;
  }

  boolean isOpen() {
    return isOpen;
  }

  /** Returns whether an episode is open or the last steps have no value. */
  boolean isActive() {
    return isOpen || absentSteps > 0;
  }

  /** Adds a step that has a value and is not anomalous, while this is not active. */
  void addUsual() {
    change = Change.NONE;
  }

  /** Begins an episode at a step. */
  void begin(ScoredStep step, AnomalyKind kind) {
    shape = new EpisodeShape(step.scale());
    shape.add(step.value(), step.reference(), step.sameSteps(), step.isFlat());
    quietSteps = 0;
    change = Change.BEGIN;
    isOpen = true;
    open = episode(step, step.timestampMs(), step.timestampMs(), kind, step.score());
  }

  /** Adds a step that begins no episode. */
  void add(ScoredStep step) {
    Episode before = open;
    EpisodeShape sums = shape;
    if (before == null || sums == null || !isOpen) {
      change = Change.NONE;
      return;
    }
    boolean isQuiet =
        step.strength() < CONTINUED * step.threshold()
            && Math.abs(step.value() - step.reference()) < FAR * step.scale()
            && (before.kind() != AnomalyKind.FLAT_LINE || step.sameSteps() == 0);
    quietSteps = isQuiet ? quietSteps + 1 : 0;
    boolean isEnd = quietSteps >= QUIET_STEPS || sums.steps() + quietSteps >= MAX_STEPS;
    if (!isQuiet) {
      sums.add(step.value(), step.reference(), step.sameSteps(), step.isFlat());
    }
    change = isEnd ? Change.END : Change.CONTINUE;
    isOpen = !isEnd;
    long endMs = isQuiet ? before.endMs() : step.timestampMs();
    AnomalyKind kind = isEnd ? sums.kind(before.kind()) : before.kind();
    boolean isPeak = step.score() > before.severity();
    Episode now =
        episode(step, before.beginMs(), endMs, kind, Math.max(step.score(), before.severity()));
    open = isPeak ? now : withPeak(now, before, sums);
  }

  private Episode withPeak(Episode now, Episode peak, EpisodeShape sums) {
    return new Episode(
        now.beginMs(),
        now.endMs(),
        now.steps(),
        now.kind(),
        peak.value(),
        peak.expected(),
        now.severity(),
        reason(now.kind(), peak.value(), peak.expected(), sums));
  }

  private Episode episode(
      ScoredStep step, long beginMs, long endMs, AnomalyKind kind, double severity) {
    EpisodeShape sums = Objects.requireNonNull(shape);
    return new Episode(
        beginMs,
        endMs,
        sums.steps(),
        kind,
        step.value(),
        step.expected(),
        severity,
        reason(kind, step.value(), step.expected(), sums));
  }

  private static String reason(
      AnomalyKind kind, double value, Expectation expected, EpisodeShape sums) {
    return switch (kind) {
      case LEVEL_SHIFT -> Reasons.levelShift(sums.meanError());
      case VARIANCE_CHANGE -> Reasons.variance(sums.spread());
      case FLAT_LINE -> Reasons.flatLine(sums.flatValue(), sums.flatSteps());
      case BROKEN_SEASON -> Reasons.brokenSeason(value, expected);
      case SPIKE, MISSING_DATA, SILENCE -> Reasons.spike(value, expected);
    };
  }

  /** Adds a step without a value. */
  void addAbsent(long timestampMs, AnomalyKind kind, Expectation expected) {
    absentSteps++;
    long limit = absenceLimit();
    if (absentSteps == limit - 1) {
      endValues();
    } else if (absentSteps < limit) {
      change = isOpen ? Change.CONTINUE : Change.NONE;
    } else {
      Episode before = open;
      boolean isBegin = before == null || !isOpen || !before.kind().isAbsence();
      change = isBegin ? Change.BEGIN : Change.CONTINUE;
      isOpen = true;
      long beginMs = isBegin || before == null ? timestampMs : before.beginMs();
      open = absence(beginMs, timestampMs, kind, expected);
    }
  }

  private Episode absence(long beginMs, long endMs, AnomalyKind kind, Expectation expected) {
    return new Episode(
        beginMs,
        endMs,
        absentSteps,
        kind,
        Double.NaN,
        expected,
        (double) absentSteps / (absentSteps + absenceLimit()),
        Reasons.absence(kind, absentSteps));
  }

  /** Returns the number of steps without a value with which an absence begins as an episode. */
  long absenceLimit() {
    return Math.max(MIN_ABSENT_STEPS, 2 * longestAbsence + 1);
  }

  /** Returns how many further steps without a value begin and end no episode. */
  long uneventfulAbsences() {
    return isAbsenceOpen() ? Long.MAX_VALUE : Math.max(0, absenceLimit() - 2 - absentSteps);
  }

  /**
   * Adds steps without a value that begin and end no episode.
   *
   * @param lastMs start of the last one
   * @param steps at most {@link #uneventfulAbsences}
   */
  void addUneventfulAbsences(long lastMs, long steps) {
    absentSteps += steps;
    change = isOpen ? Change.CONTINUE : Change.NONE;
    Episode before = open;
    if (before != null && isAbsenceOpen()) {
      open = absence(before.beginMs(), lastMs, before.kind(), before.expected());
    }
  }

  /** Adds steps without a value that were reported already: they begin no episode. */
  void addReportedAbsences(long steps) {
    absentSteps += steps;
  }

  private boolean isAbsenceOpen() {
    return isOpen && Objects.requireNonNull(open).kind().isAbsence();
  }

  /** Ends the episode of values, if one is open. */
  private void endValues() {
    Episode before = open;
    change = Change.NONE;
    if (before != null && isOpen) {
      EpisodeShape sums = Objects.requireNonNull(shape);
      AnomalyKind kind = sums.kind(before.kind());
      open = before.ended(kind, reason(kind, before.value(), before.expected(), sums));
      change = Change.END;
      isOpen = false;
    }
  }

  /** Ends an absence at a step that has a value; returns whether an episode ended. */
  boolean endAbsence() {
    longestAbsence = Math.max(longestAbsence, absentSteps);
    absentSteps = 0;
    Episode before = open;
    if (before != null && isOpen && before.kind().isAbsence()) {
      change = Change.END;
      isOpen = false;
      return true;
    }
    return false;
  }

  /** Returns the number of bytes that {@link #put} writes. */
  int bytes() {
    int open = !isOpen ? 0 : isAbsenceOpen() ? OPEN_BYTES : OPEN_BYTES + EpisodeShape.BYTES;
    return CLOSED_BYTES + open;
  }

  /** Writes the state between two steps. The reason of an open episode is not part of it. */
  void put(ByteBuffer bytes) {
    bytes.put((byte) (isOpen ? 1 : 0));
    bytes.putLong(absentSteps).putLong(longestAbsence);
    Episode present = open;
    if (isOpen && present != null) {
      bytes.put((byte) KINDS.indexOf(present.kind())).put((byte) quietSteps);
      bytes.putLong(present.beginMs()).putLong(present.endMs()).putLong(present.steps());
      bytes.putDouble(present.value()).putDouble(present.severity());
      present.expected().put(bytes);
      if (!present.kind().isAbsence()) {
        Objects.requireNonNull(shape).put(bytes);
      }
    }
  }

  void get(ByteBuffer bytes) {
    isOpen = bytes.get() != 0;
    absentSteps = bytes.getLong();
    longestAbsence = bytes.getLong();
    if (isOpen) {
      AnomalyKind kind = KINDS.get(bytes.get());
      quietSteps = bytes.get();
      long beginMs = bytes.getLong();
      long endMs = bytes.getLong();
      long steps = bytes.getLong();
      double value = bytes.getDouble();
      double severity = bytes.getDouble();
      Expectation expected = Expectation.get(bytes);
      open = new Episode(beginMs, endMs, steps, kind, value, expected, severity, "");
      shape = new EpisodeShape(0);
      if (!kind.isAbsence()) {
        shape.get(bytes);
      }
    }
  }
}
