package io.eddy.series;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The open steps of one series, in ascending order of their index. */
public final class OpenSteps {
  private final List<OpenStep> steps = new ArrayList<>(1);

  public boolean isEmpty() {
    return steps.isEmpty();
  }

  public int size() {
    return steps.size();
  }

  /** Returns the earliest step. There must be at least one step. */
  public OpenStep first() {
    return steps.get(0);
  }

  /** Returns a view of all steps in ascending order. */
  public List<OpenStep> all() {
    return Collections.unmodifiableList(steps);
  }

  /** Returns the step with the given index, or null if it has no observations. */
  public @Nullable OpenStep find(long step) {
    int at = indexOf(step);
    return at < steps.size() && steps.get(at).step() == step ? steps.get(at) : null;
  }

  /**
   * Returns the latest timestamp of all observations, epoch milliseconds. There must be at least
   * one step.
   */
  public long lastTimestampMs() {
    return steps.get(steps.size() - 1).lastTimestampMs();
  }

  /**
   * Adds an observation to its step.
   *
   * @param retained maximum number of observations, over all steps, that are retained individually
   * @param rule decides which of several observations with the same timestamp counts
   * @return whether the observation changed its step
   */
  public boolean add(long step, Observation observation, int retained, Duplicates rule) {
    int at = indexOf(step);
    if (at == steps.size() || steps.get(at).step() != step) {
      steps.add(at, new OpenStep(step));
    }
    if (!steps.get(at).add(observation, rule)) {
      return false;
    }
    retainAtMost(retained, rule);
    return true;
  }

  /** Folds the earliest observations until at most {@code max} are retained over all steps. */
  private void retainAtMost(int max, Duplicates rule) {
    int size = 0;
    for (OpenStep step : steps) {
      size += step.retainedCount();
    }
    for (OpenStep step : steps) {
      while (size > max && step.retainedCount() > 0) {
        step.foldFirst(rule);
        size--;
      }
    }
  }

  /** Appends a step that is later than all others. */
  public void append(OpenStep step) {
    steps.add(step);
  }

  /** Removes and returns the earliest step. */
  public OpenStep removeFirst() {
    return steps.remove(0);
  }

  public void clear() {
    steps.clear();
  }

  /** Returns an independent copy. */
  public OpenSteps copy() {
    OpenSteps copy = new OpenSteps();
    steps.forEach(step -> copy.steps.add(step.copy()));
    return copy;
  }

  /** Returns the index at which a step is or would be inserted. */
  private int indexOf(long step) {
    int at = steps.size();
    while (at > 0 && steps.get(at - 1).step() >= step) {
      at--;
    }
    return at;
  }
}
