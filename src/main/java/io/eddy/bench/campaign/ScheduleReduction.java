package io.eddy.bench.campaign;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Removes faults from a schedule that fails, as long as the rest still fails: first halves, then
 * quarters and so on, down to single faults. Follows the minimising delta debugging of Zeller and
 * Hildebrandt, "Simplifying and isolating failure-inducing input" (2002), without its test of
 * subsets. The result may depend on chance, since a run of the same schedule is not always the
 * same.
 */
final class ScheduleReduction {
  /** Runs a schedule. */
  @FunctionalInterface
  interface Trial {
    /** Returns whether the schedule fails. */
    boolean fails(Schedule schedule) throws IOException, InterruptedException, ExecutionException;
  }

  private final Trial trial;
  private final int maxRuns;
  private final Consumer<String> progress;
  private int runs;

  /**
   * Creates a reduction.
   *
   * @param maxRuns maximum number of runs
   */
  ScheduleReduction(Trial trial, int maxRuns, Consumer<String> progress) {
    this.trial = trial;
    this.maxRuns = maxRuns;
    this.progress = progress;
  }

  /** Returns the shortest schedule that was found to fail. */
  Schedule reduce(Schedule failing) throws IOException, InterruptedException, ExecutionException {
    List<Fault> faults = failing.faults();
    int size = (faults.size() + 1) / 2;
    while (size >= 1 && faults.size() > 1 && runs < maxRuns) {
      List<Fault> rest = firstFailingRest(faults, size);
      if (rest.size() < faults.size()) {
        faults = rest;
        size = Math.min(size, (faults.size() + 1) / 2);
      } else {
        size = size == 1 ? 0 : (size + 1) / 2;
      }
    }
    return new Schedule(faults);
  }

  /** Removes one part of a size after the other; returns the first rest that fails, or all. */
  private List<Fault> firstFailingRest(List<Fault> faults, int size)
      throws IOException, InterruptedException, ExecutionException {
    for (int from = 0; from < faults.size() && runs < maxRuns; from += size) {
      List<Fault> rest = new ArrayList<>(faults.subList(0, from));
      rest.addAll(faults.subList(Math.min(faults.size(), from + size), faults.size()));
      if (rest.isEmpty()) {
        continue;
      }
      runs++;
      boolean fails = trial.fails(new Schedule(rest));
      progress.accept(
          "run %d of at most %d: %d of %d faults %s"
              .formatted(
                  runs, maxRuns, rest.size(), faults.size(), fails ? "still fail" : "do not fail"));
      if (fails) {
        return rest;
      }
    }
    return faults;
  }
}
