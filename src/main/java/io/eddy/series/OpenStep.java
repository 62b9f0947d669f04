package io.eddy.series;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A step that still accepts observations. Its result does not depend on the order of arrival of
 * observations with different timestamps.
 *
 * <p>The latest observations are retained individually so that a duplicate (an observation with the
 * same timestamp) is detected; {@link Duplicates} decides which of them is kept. Earlier
 * observations are folded into a {@link StepAggregate}.
 */
public final class OpenStep {
  private final long step;
  private final StepAggregate folded;

  /** Retained observations in ascending order of timestamp, without duplicates. */
  private final List<Observation> retained = new ArrayList<>(1);

  /** Creates a step without observations. */
  public OpenStep(long step) {
    this(step, new StepAggregate());
  }

  /** Creates a step from folded observations. The aggregate is not copied. */
  public OpenStep(long step, StepAggregate totals) {
    this.step = step;
    this.folded = totals;
  }

  /** Returns the step's index. */
  public long step() {
    return step;
  }

  /**
   * Adds an observation.
   *
   * @return false if it is a duplicate of a retained observation that takes precedence
   */
  public boolean add(Observation observation, Duplicates rule) {
    int at = insertionIndex(observation);
    if (!isSameTime(at, observation)) {
      retained.add(at, observation);
      return true;
    }
    if (!rule.replaces(observation, retained.get(at - 1))) {
      return false;
    }
    retained.set(at - 1, observation);
    return true;
  }

  /** Returns the insertion index: after all observations with an earlier or equal timestamp. */
  private int insertionIndex(Observation observation) {
    int at = retained.size();
    while (at > 0 && retained.get(at - 1).timestampMs() > observation.timestampMs()) {
      at--;
    }
    return at;
  }

  private boolean isSameTime(int at, Observation observation) {
    return at > 0 && retained.get(at - 1).timestampMs() == observation.timestampMs();
  }

  /** Appends a retained observation while state is being restored. */
  public void restore(Observation observation) {
    retained.add(observation);
  }

  /** Returns the number of retained observations. */
  int retainedCount() {
    return retained.size();
  }

  /** Folds the earliest observations until at most {@code max} are retained. */
  public void retainAtMost(int max, Duplicates rule) {
    while (retained.size() > max) {
      foldFirst(rule);
    }
  }

  /** Folds the earliest retained observation into the aggregate. */
  void foldFirst(Duplicates rule) {
    folded.add(retained.remove(0), rule);
  }

  /** Returns a view of the retained observations, in ascending order of timestamp. */
  public List<Observation> retained() {
    return Collections.unmodifiableList(retained);
  }

  /** Returns the aggregate of the observations that are no longer retained. */
  public StepAggregate folded() {
    return folded;
  }

  /** Returns the latest timestamp of the observations, epoch milliseconds. */
  public long lastTimestampMs() {
    long lastFolded =
        folded.count() == 0 ? Long.MIN_VALUE : folded.statistics().last().timestampMs();
    return retained.isEmpty()
        ? lastFolded
        : Math.max(lastFolded, retained.get(retained.size() - 1).timestampMs());
  }

  /** Returns the result of the step with its present observations. */
  public Closed closed(Aggregation aggregation, Duplicates rule) {
    StepAggregate all = folded.copy();
    retained.forEach(observation -> all.add(observation, rule));
    return new Closed(all.value(aggregation), all.toCovariates(), all.toFutureCovariates());
  }

  /**
   * The result of a step.
   *
   * @param value aggregated value
   * @param covariates for each name, the value of the latest observation that has it
   * @param futureCovariates for each name, the values of the latest observation that has them
   */
  public record Closed(double value, Covariates covariates, FutureCovariates futureCovariates) {}

  /** Returns an independent copy. */
  public OpenStep copy() {
    OpenStep copy = new OpenStep(step, folded.copy());
    copy.retained.addAll(retained);
    return copy;
  }
}
