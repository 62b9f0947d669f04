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
  private final StepAggregate totals;

  /** In order of time, no two of one time. */
  private final List<Observation> remembered = new ArrayList<>(1);

  /** A step without observations. */
  public OpenStep(long step) {
    this(step, new StepAggregate());
  }

  /** A step whose observations amount to {@code totals}; not copied. */
  public OpenStep(long step, StepAggregate totals) {
    this.step = step;
    this.totals = totals;
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
      remembered.add(at, observation);
      return true;
    }
    if (compare(observation, remembered.get(at - 1)) <= 0) {
      return false;
    }
    remembered.set(at - 1, observation);
    return true;
  }

  /** Whether {@link #add} would change anything. */
  public boolean takes(Observation observation) {
    int at = place(observation);
    return !isSameTime(at, observation) || compare(observation, remembered.get(at - 1)) > 0;
  }

  /** Behind those that were measured before it or at its time. */
  private int place(Observation observation) {
    int at = remembered.size();
    while (at > 0 && remembered.get(at - 1).timestampMs() > observation.timestampMs()) {
      at--;
    }
    return at;
  }

  private boolean isSameTime(int at, Observation observation) {
    return at > 0 && remembered.get(at - 1).timestampMs() == observation.timestampMs();
  }

  private static int compare(Observation one, Observation other) {
    int byValue = Double.compare(one.value(), other.value());
    return byValue != 0 || (isBare(one) && isBare(other))
        ? byValue
        : beside(one).compareTo(beside(other));
  }

  private static boolean isBare(Observation observation) {
    return observation.covariates().isEmpty() && observation.ahead().isEmpty();
  }

  private static String beside(Observation observation) {
    return observation.covariates().values() + " " + observation.ahead();
  }

  /** Takes one that was remembered before, of a step that is now restored. */
  public void restore(Observation observation) {
    remembered.add(observation);
  }

  /** How many are remembered. */
  int remembers() {
    return remembered.size();
  }

  /** Lets the earliest ones beyond {@code most} be parts of the totals alone. */
  public void forget(int most) {
    while (remembered.size() > most) {
      forgetOne();
    }
  }

  /** Lets the earliest one that is remembered be a part of the totals alone. */
  void forgetOne() {
    totals.add(remembered.remove(0));
  }

  /** Those that are remembered, in order of time; a view. */
  public List<Observation> remembered() {
    return Collections.unmodifiableList(remembered);
  }

  /** What those that are no longer remembered amount to. */
  public StepAggregate forgotten() {
    return totals;
  }

  /** When the latest was measured, epoch milliseconds. */
  public long newestMs() {
    long forgotten = totals.count() == 0 ? Long.MIN_VALUE : totals.numbers().last().timestampMs();
    return remembered.isEmpty()
        ? forgotten
        : Math.max(forgotten, remembered.get(remembered.size() - 1).timestampMs());
  }

  /** What all of them amount to: the step as it closes now. */
  public Closed closed(Aggregation aggregation) {
    StepAggregate all = new StepAggregate();
    all.add(totals);
    remembered.forEach(all::add);
    return new Closed(all.value(aggregation), all.toCovariates(), all.toLookAhead());
  }

  /**
   * A step that is over.
   *
   * @param value by the aggregation
   * @param covariates that came with the observations, each as the one measured last has it
   * @param ahead what was known of the steps after it, likewise
   */
  public record Closed(double value, Covariates covariates, FutureCovariates ahead) {}

  /** The same observations, to be added to apart. */
  public OpenStep copy() {
    StepAggregate same = new StepAggregate();
    same.add(totals);
    OpenStep copy = new OpenStep(step, same);
    copy.remembered.addAll(remembered);
    return copy;
  }
}
