package io.eddy.series;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A step that still accepts observations. Its result does not depend on their order of arrival.
 *
 * <p>The latest observations are retained individually so that a duplicate (an observation with the
 * same timestamp) is detected; of two duplicates the one with the larger value is kept. Earlier
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
  public boolean add(Observation observation) {
    int at = insertionIndex(observation);
    if (!isSameTime(at, observation)) {
      retained.add(at, observation);
      return true;
    }
    if (compare(observation, retained.get(at - 1)) <= 0) {
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

  private static int compare(Observation a, Observation b) {
    int byValue = Double.compare(a.value(), b.value());
    return byValue != 0 || (hasValueOnly(a) && hasValueOnly(b))
        ? byValue
        : covariateKey(a).compareTo(covariateKey(b));
  }

  private static boolean hasValueOnly(Observation observation) {
    return observation.covariates().isEmpty() && observation.futureCovariates().isEmpty();
  }

  private static String covariateKey(Observation observation) {
    return observation.covariates().values() + " " + observation.futureCovariates();
  }

  /** Appends a retained observation while state is being restored. */
  public void restore(Observation observation) {
    retained.add(observation);
  }

  /** Returns the number of retained observations. */
  int retainedCount() {
    return retained.size();
  }

  /** Folds the earliest observations until at max {@code max} are retained. */
  public void retainAtMost(int max) {
    while (retained.size() > max) {
      foldFirst();
    }
  }

  /** Folds the earliest retained observation into the aggregate. */
  void foldFirst() {
    folded.add(retained.remove(0));
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
  public Closed closed(Aggregation aggregation) {
    StepAggregate all = new StepAggregate();
    all.add(folded);
    retained.forEach(all::add);
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
    StepAggregate foldedCopy = new StepAggregate();
    foldedCopy.add(folded);
    OpenStep copy = new OpenStep(step, foldedCopy);
    copy.retained.addAll(retained);
    return copy;
  }
}
