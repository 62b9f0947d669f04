package io.eddy.series;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The observations of a step that more may still join. What they make does not depend on the order
 * in which they came.
 *
 * <p>Those measured last are kept one by one, so that a second one of the same time is known for a
 * duplicate; of two the one with the larger value counts. The others are only {@link
 * StepAggregate}.
 */
public final class OpenStep {
  private final long step;
  private final StepAggregate folded;

  /** In order of time, no two of one time. */
  private final List<Observation> retained = new ArrayList<>(1);

  /** A step without observations. */
  public OpenStep(long step) {
    this(step, new StepAggregate());
  }

  /** A step whose observations amount to {@code totals}; not copied. */
  public OpenStep(long step, StepAggregate totals) {
    this.step = step;
    this.folded = totals;
  }

  /** The step's index. */
  public long step() {
    return step;
  }

  /**
   * Takes an observation.
   *
   * @return whether it changed anything: it is not remembered, or counts more than the one of the
   *     same time that is
   */
  public boolean add(Observation observation) {
    int at = place(observation);
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

  /** Whether {@link #add} would change anything. */
  public boolean accepts(Observation observation) {
    int at = place(observation);
    return !isSameTime(at, observation) || compare(observation, retained.get(at - 1)) > 0;
  }

  /** Behind those that were measured before it or at its time. */
  private int place(Observation observation) {
    int at = retained.size();
    while (at > 0 && retained.get(at - 1).timestampMs() > observation.timestampMs()) {
      at--;
    }
    return at;
  }

  private boolean isSameTime(int at, Observation observation) {
    return at > 0 && retained.get(at - 1).timestampMs() == observation.timestampMs();
  }

  private static int compare(Observation one, Observation other) {
    int byValue = Double.compare(one.value(), other.value());
    return byValue != 0 || (isBare(one) && isBare(other))
        ? byValue
        : beside(one).compareTo(beside(other));
  }

  private static boolean isBare(Observation observation) {
    return observation.covariates().isEmpty() && observation.futureCovariates().isEmpty();
  }

  private static String beside(Observation observation) {
    return observation.covariates().values() + " " + observation.futureCovariates();
  }

  /** Takes one that was remembered before, of a step that is now restored. */
  public void restore(Observation observation) {
    retained.add(observation);
  }

  /** How many are remembered. */
  int retainedCount() {
    return retained.size();
  }

  /** Lets the earliest ones beyond {@code most} be parts of the totals alone. */
  public void retainAtMost(int most) {
    while (retained.size() > most) {
      foldFirst();
    }
  }

  /** Lets the earliest one that is remembered be a part of the totals alone. */
  void foldFirst() {
    folded.add(retained.remove(0));
  }

  /** Those that are remembered, in order of time; a view. */
  public List<Observation> retained() {
    return Collections.unmodifiableList(retained);
  }

  /** What those that are no longer remembered amount to. */
  public StepAggregate folded() {
    return folded;
  }

  /** When the latest was measured, epoch milliseconds. */
  public long lastTimestampMs() {
    long forgotten =
        folded.count() == 0 ? Long.MIN_VALUE : folded.statistics().last().timestampMs();
    return retained.isEmpty()
        ? forgotten
        : Math.max(forgotten, retained.get(retained.size() - 1).timestampMs());
  }

  /** What all of them amount to: the step as it closes now. */
  public Closed closed(Aggregation aggregation) {
    StepAggregate all = new StepAggregate();
    all.add(folded);
    retained.forEach(all::add);
    return new Closed(all.value(aggregation), all.toCovariates(), all.toFutureCovariates());
  }

  /**
   * A step that is over.
   *
   * @param value by the aggregation
   * @param covariates that came with the observations, each as the one measured last has it
   * @param futureCovariates what was known of the steps after it, likewise
   */
  public record Closed(double value, Covariates covariates, FutureCovariates futureCovariates) {}

  /** The same observations, to be added to apart. */
  public OpenStep copy() {
    StepAggregate same = new StepAggregate();
    same.add(folded);
    OpenStep copy = new OpenStep(step, same);
    copy.retained.addAll(retained);
    return copy;
  }
}
