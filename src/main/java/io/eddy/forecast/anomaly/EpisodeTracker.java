package io.eddy.forecast.anomaly;

import io.eddy.forecast.anomaly.AnomalyScore.Change;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Begins and ends the episodes of a series.
 *
 * <p>An episode of values ends after {@value #QUIET_STEPS} steps that are not anomalous, or after
 * {@value #MAX_STEPS} steps, when the new behaviour counts as usual. One of absent values begins
 * after more than twice the longest earlier absence, at least {@value #MIN_ABSENT_STEPS} steps, and
 * ends at the next value.
 */
final class EpisodeTracker {
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
    long limit = Math.max(MIN_ABSENT_STEPS, 2 * longestAbsence + 1);
    if (absentSteps < limit) {
      change = isOpen ? Change.CONTINUE : Change.NONE;
      return;
    }
    Episode before = open;
    boolean isBegin = before == null || !isOpen || !before.kind().isAbsence();
    change = isBegin ? Change.BEGIN : Change.CONTINUE;
    isOpen = true;
    double severity = (double) absentSteps / (absentSteps + limit);
    open =
        new Episode(
            isBegin || before == null ? timestampMs : before.beginMs(),
            timestampMs,
            absentSteps,
            kind,
            Double.NaN,
            expected,
            severity,
            Reasons.absence(kind, absentSteps));
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
}
