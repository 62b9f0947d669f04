package io.eddy.series;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Steps of one series that hold observations, in their order. */
public final class OpenSteps {
  private final List<OpenStep> steps = new ArrayList<>(1);

  public boolean isEmpty() {
    return steps.isEmpty();
  }

  public int size() {
    return steps.size();
  }

  /** The earliest one; there has to be one. */
  public OpenStep first() {
    return steps.get(0);
  }

  /** In their order; a view. */
  public List<OpenStep> all() {
    return Collections.unmodifiableList(steps);
  }

  /** The step of that index, or null where it holds nothing. */
  public @Nullable OpenStep find(long step) {
    int at = place(step);
    return at < steps.size() && steps.get(at).step() == step ? steps.get(at) : null;
  }

  /** When the latest observation was measured, epoch milliseconds; nothing may be empty. */
  public long lastTimestampMs() {
    return steps.get(steps.size() - 1).lastTimestampMs();
  }

  /**
   * Takes an observation into its step.
   *
   * @param remembered how many observations of all steps are kept one by one
   * @return whether it changed anything
   */
  public boolean add(long step, Observation observation, int remembered) {
    int at = place(step);
    if (at == steps.size() || steps.get(at).step() != step) {
      steps.add(at, new OpenStep(step));
    }
    if (!steps.get(at).add(observation)) {
      return false;
    }
    retainAtMost(remembered);
    return true;
  }

  /** Lets the earliest observations beyond {@code remembered} be parts of totals alone. */
  private void retainAtMost(int remembered) {
    int size = 0;
    for (OpenStep one : steps) {
      size += one.retainedCount();
    }
    for (OpenStep one : steps) {
      while (size > remembered && one.retainedCount() > 0) {
        one.foldFirst();
        size--;
      }
    }
  }

  /** Takes a whole step, which is later than all others. */
  public void append(OpenStep step) {
    steps.add(step);
  }

  /** Takes the earliest one out. */
  public OpenStep removeFirst() {
    return steps.remove(0);
  }

  public void clear() {
    steps.clear();
  }

  /** The same, to be added to apart. */
  public OpenSteps copy() {
    OpenSteps copy = new OpenSteps();
    steps.forEach(step -> copy.steps.add(step.copy()));
    return copy;
  }

  /** Where a step stands, or would. */
  private int place(long step) {
    int at = steps.size();
    while (at > 0 && steps.get(at - 1).step() >= step) {
      at--;
    }
    return at;
  }
}
