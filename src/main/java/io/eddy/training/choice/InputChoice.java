package io.eddy.training.choice;

import io.eddy.series.SteppedSeries;
import io.eddy.training.ModelPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The choice of the inputs of the network at each step: the values of the shortest season, and
 * those at the distance of longer seasons from the steps ahead.
 *
 * @param patches numbers of recent values
 * @param lags distances of past values from the steps ahead
 * @param decisions with reasons
 */
record InputChoice(List<Integer> patches, List<Integer> lags, List<Decision> decisions) {
  private static final int MIN_PATCH = 8;
  private static final int MAX_PATCH = 168;
  private static final int MAX_LAGGED_VALUES = 192;
  private static final int MAX_LAG = 2048;

  /** Minimum length of the training part in patches. */
  private static final int MIN_PATCHES = 8;

  /**
   * Chooses for a plan with seasons.
   *
   * @param end grid index before which data may be read
   */
  static InputChoice of(ModelPlan plan, Collection<SteppedSeries> series, long end) {
    List<Integer> seasons =
        Objects.requireNonNull(plan.baseline().seasons()).stream().sorted().toList();
    List<Decision> decisions = new ArrayList<>();
    List<Integer> patches = plan.inputs().patches();
    if (patches == null) {
      int steps = series.stream().mapToInt(each -> each.before(end).size()).max().orElse(0);
      patches = List.of(patch(plan, seasons, steps));
      decisions.add(
          new Decision(
              "patch",
              "" + patches.get(0),
              seasons.isEmpty() ? "no season" : "whole cycles of the shortest season"));
    }
    List<Integer> lags = plan.inputs().lags();
    if (lags == null) {
      lags = lags(plan, seasons, patches);
      if (!lags.isEmpty()) {
        decisions.add(
            new Decision(
                "lags",
                lags.stream().map(String::valueOf).collect(Collectors.joining(",")),
                "seasons longer than the patch"));
      }
    }
    return new InputChoice(patches, lags, decisions);
  }

  private static int patch(ModelPlan plan, List<Integer> seasons, int steps) {
    int season = seasons.isEmpty() ? MIN_PATCH : seasons.get(0);
    int cycles = Math.max(1, (MIN_PATCH + season - 1) / season);
    int limit = Math.min(MAX_PATCH, Math.max(1, steps / MIN_PATCHES));
    Integer context = plan.inputs().contextLength();
    int patch = season > MAX_PATCH ? MIN_PATCH : cycles * season;
    return Math.min(Math.min(patch, limit), context == null ? patch : context);
  }

  /** Returns the longer seasons, as far as they do not make the input too large. */
  private static List<Integer> lags(ModelPlan plan, List<Integer> seasons, List<Integer> patches) {
    int longest = patches.stream().max(Integer::compare).orElse(0);
    Integer context = plan.inputs().contextLength();
    List<Integer> lags = new ArrayList<>();
    int values = 0;
    for (int season : seasons) {
      int added = Math.min(plan.horizon(), season);
      boolean isKnown = season <= MAX_LAG && (context == null || season <= context);
      if (season > longest && isKnown && values + added <= MAX_LAGGED_VALUES) {
        lags.add(season);
        values += added;
      }
    }
    return lags;
  }
}
