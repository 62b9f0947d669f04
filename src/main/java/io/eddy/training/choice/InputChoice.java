package io.eddy.training.choice;

import io.eddy.series.SteppedSeries;
import io.eddy.training.ModelPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  /** Minimum length of all series of the training part together, in patches. */
  private static final int MIN_PATCHES = 8;

  /** Minimum length of the longest series of the training part, in patches. */
  private static final int MIN_PATCHES_OF_SERIES = 4;

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
      patches = List.of(patch(seasons, longestPatch(plan, series, end)));
      decisions.add(new Decision("patch", "" + patches.get(0), reason(patches.get(0), seasons)));
    }
    List<Integer> lags = plan.inputs().lags();
    if (lags == null) {
      lags = lags(plan, seasons, patches);
      if (!lags.isEmpty()) {
        decisions.add(
            new Decision(
                "lags",
                lags.stream().map(String::valueOf).collect(Collectors.joining(",")),
                "longer seasons"));
      }
    }
    return new InputChoice(patches, lags, decisions);
  }

  private static int patch(List<Integer> seasons, int longest) {
    int season = seasons.isEmpty() ? MIN_PATCH : seasons.get(0);
    int cycles = Math.max(1, (MIN_PATCH + season - 1) / season);
    return Math.min(longest, season > MAX_PATCH ? MIN_PATCH : cycles * season);
  }

  private static String reason(int patch, List<Integer> seasons) {
    if (seasons.isEmpty()) {
      return "no season";
    }
    return patch % seasons.get(0) == 0
        ? "whole cycles of the shortest season"
        : "a cycle of the shortest season is too long";
  }

  /** Returns the longest patch that the training part is large enough for, at least 1. */
  private static int longestPatch(ModelPlan plan, Collection<SteppedSeries> series, long end) {
    long longest = 0;
    long all = 0;
    for (SteppedSeries s : series) {
      int steps = s.before(end).size();
      longest = Math.max(longest, steps);
      all += steps;
    }
    Integer context = plan.inputs().contextLength();
    long max = context == null ? MAX_PATCH : Math.min(context, MAX_PATCH);
    long limit = Math.min(all / MIN_PATCHES, longest / MIN_PATCHES_OF_SERIES);
    return (int) Math.max(1, Math.min(max, limit));
  }

  /**
   * Returns the patches that the members of an ensemble take in turn: that of the plan, and the
   * longer seasons.
   *
   * @param end grid index before which data may be read
   */
  static List<Integer> memberPatches(ModelPlan plan, Collection<SteppedSeries> series, long end) {
    int first = Objects.requireNonNull(plan.inputs().patches()).get(0);
    int longest = longestPatch(plan, series, end);
    return Stream.concat(
            Stream.of(first),
            Objects.requireNonNull(plan.baseline().seasons()).stream()
                .filter(season -> season > first && season <= longest)
                .sorted())
        .toList();
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
