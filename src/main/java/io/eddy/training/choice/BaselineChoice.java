package io.eddy.training.choice;

import io.eddy.model.BaselineSpec;
import io.eddy.model.ModelSpecification;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.BaselineValidation;
import io.eddy.training.ModelPlan;
import io.eddy.training.TimeSplit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The choice of the baseline: seasonal naive with one of the seasons, or a linear model of one of
 * several look-backs, whichever errs least on the validation part.
 *
 * @param seasons of the data, the one of the baseline first
 * @param lookBack of the linear baseline; 0 for seasonal naive
 * @param error of the baseline, as in {@link BaselineValidation}; NaN if unknown
 * @param decisions with reasons
 */
record BaselineChoice(List<Integer> seasons, int lookBack, double error, List<Decision> decisions) {
  private static final int MAX_LOOK_BACK = 1024;
  private static final List<Integer> WITHOUT_SEASON = List.of(4, 8, 16, 32, 64);

  /** Minimum number of examples of a linear baseline, in all series together, in look-backs. */
  private static final int MIN_EXAMPLES = 3;

  /** Minimum length of the longest series in look-backs, in addition to the horizon. */
  private static final double MIN_LENGTH = 1.5;

  /**
   * Maximum ratio of the error of a linear baseline to that of the naive one. The best of several
   * linear baselines is a little better by chance.
   */
  private static final double MAX_LINEAR_RATIO = 0.97;

  /** Chooses for a plan with given seasons. */
  static BaselineChoice of(
      ModelPlan plan, Sampling sampling, Collection<SteppedSeries> series, TimeSplit split) {
    List<Integer> seasons = Objects.requireNonNull(plan.baseline().seasons());
    Integer requested = plan.baseline().lookBack();
    List<Integer> lookBacks =
        requested == null
            ? lookBacks(plan, series, split.trainEnd())
            : requested == 0 ? List.of() : List.of(requested);
    int longest = lookBacks.isEmpty() ? 0 : lookBacks.get(lookBacks.size() - 1);
    ModelSpecification specification =
        withLookBack(plan, longest).members(sampling, series, split).get(0);
    List<BaselineValidation.Result> results =
        BaselineValidation.measure(series, specification, split, candidates(seasons, lookBacks));
    if (requested == null) {
      return of(seasons, plan.baseline().isYearly() ? linear(results) : results);
    }
    double error = results.get(requested == 0 ? 0 : results.size() - 1).error();
    return new BaselineChoice(seasons, requested, error, List.of());
  }

  private static ModelPlan withLookBack(ModelPlan plan, int lookBack) {
    ModelPlan.Baseline baseline = plan.baseline();
    return plan.withBaseline(
        new ModelPlan.Baseline(baseline.seasons(), lookBack, false, baseline.unit()));
  }

  /** Returns the look-backs to try, ascending. */
  private static List<Integer> lookBacks(
      ModelPlan plan, Collection<SteppedSeries> series, long end) {
    List<Integer> seasons = Objects.requireNonNull(plan.baseline().seasons());
    TreeSet<Integer> lookBacks = new TreeSet<>(seasons.isEmpty() ? WITHOUT_SEASON : List.of());
    for (int season : seasons) {
      lookBacks.addAll(List.of(season + 1, 2 * season, 3 * season));
    }
    if (!seasons.isEmpty()) {
      int shortest = seasons.stream().min(Comparator.naturalOrder()).orElseThrow();
      int longest = seasons.stream().max(Comparator.naturalOrder()).orElseThrow();
      lookBacks.addAll(List.of(7 * shortest, 15 * shortest, longest + shortest));
    }
    long limit = longestLookBack(plan, series, end);
    return lookBacks.stream().filter(lookBack -> lookBack >= 2 && lookBack <= limit).toList();
  }

  /**
   * Returns the longest look-back that the training part is large enough for. All series share the
   * weights of a linear baseline, so many short series are as good as a long one.
   */
  private static long longestLookBack(ModelPlan plan, Collection<SteppedSeries> series, long end) {
    long longest = 0;
    long all = 0;
    for (SteppedSeries s : series) {
      long examples = Math.max(0, s.before(end).size() - plan.horizon());
      longest = Math.max(longest, examples);
      all += examples;
    }
    Integer context = plan.inputs().contextLength();
    long max = context == null ? MAX_LOOK_BACK : Math.min(context, MAX_LOOK_BACK);
    return Math.min(max, Math.min(all / MIN_EXAMPLES, (long) (longest / MIN_LENGTH)));
  }

  private static List<BaselineSpec> candidates(List<Integer> seasons, List<Integer> lookBacks) {
    List<BaselineSpec> candidates = new ArrayList<>();
    for (int season : seasons.isEmpty() ? List.of(0) : seasons) {
      candidates.add(new BaselineSpec(season));
    }
    int first = seasons.isEmpty() ? 0 : seasons.get(0);
    for (int lookBack : lookBacks) {
      candidates.add(new BaselineSpec(first, lookBack));
    }
    return candidates;
  }

  private static BaselineChoice of(List<Integer> seasons, List<BaselineValidation.Result> results) {
    BaselineValidation.Result naive = best(results, false);
    BaselineValidation.Result linear = best(results, true);
    if (naive == null || (linear != null && linear.error() < MAX_LINEAR_RATIO * naive.error())) {
      return new BaselineChoice(
          seasons,
          Objects.requireNonNull(linear).baseline().lookBack(),
          linear.error(),
          List.of(decision(linear, naive)));
    }
    List<Integer> ordered = new ArrayList<>(seasons);
    Integer season = naive.baseline().seasonSteps();
    if (ordered.remove(season)) {
      ordered.add(0, season);
    }
    return new BaselineChoice(
        ordered,
        0,
        naive.error(),
        List.of(
            new Decision(
                "look-back",
                "0",
                linear == null
                    ? "too few data for a linear baseline"
                    : "no linear baseline is better than the naive one")));
  }

  private static Decision decision(
      BaselineValidation.Result linear, BaselineValidation.@Nullable Result naive) {
    return new Decision(
        "look-back",
        "" + linear.baseline().lookBack(),
        naive == null
            ? "the best linear baseline on the validation part"
            : String.format(
                Locale.ROOT,
                "the linear baseline errs %.0f %% less than the naive one on the validation part",
                100 * (1 - linear.error() / naive.error())));
  }

  /** Returns the linear baselines, of which only they can take the time of the year. */
  private static List<BaselineValidation.Result> linear(List<BaselineValidation.Result> results) {
    List<BaselineValidation.Result> linear =
        results.stream().filter(result -> result.baseline().isLinear()).toList();
    return linear.isEmpty() ? results : linear;
  }

  private static BaselineValidation.@Nullable Result best(
      List<BaselineValidation.Result> results, boolean isLinear) {
    return results.stream()
        .filter(result -> result.baseline().isLinear() == isLinear)
        .min(Comparator.comparingDouble(BaselineValidation.Result::error))
        .orElse(null);
  }
}
