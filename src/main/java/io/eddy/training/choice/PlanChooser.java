package io.eddy.training.choice;

import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.ModelPlan;
import io.eddy.training.TimeSplit;
import io.eddy.training.season.Season;
import io.eddy.training.season.SeasonDetector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Chooses the open properties of a plan one after the other. */
final class PlanChooser {
  private final Sampling sampling;
  private final Collection<SteppedSeries> series;
  private final TimeSplit split;
  private final List<Decision> decisions = new ArrayList<>();
  private ModelPlan plan;

  PlanChooser(
      ModelPlan requested, Sampling sampling, Collection<SteppedSeries> series, TimeSplit split) {
    plan = requested;
    this.sampling = sampling;
    this.series = series;
    this.split = split;
  }

  /** Returns the plan without open properties. */
  ModelPlan choose() {
    chooseSeasons();
    chooseBaseline();
    return plan;
  }

  List<Decision> decisions() {
    return decisions;
  }

  private void chooseSeasons() {
    if (plan.baseline().seasons() != null) {
      return;
    }
    List<Season> seasons =
        SeasonDetector.detect(series, sampling.interval(), plan.areClasses(), split.trainEnd());
    setBaseline(seasons.stream().map(Season::steps).toList(), plan.baseline().lookBack());
    decisions.add(describe(seasons));
  }

  private static Decision describe(List<Season> seasons) {
    if (seasons.isEmpty()) {
      return new Decision("season", "0", "no season explains the training data");
    }
    String shares =
        seasons.stream()
            .map(season -> String.format(Locale.ROOT, "%.0f %%", 100 * season.share()))
            .collect(Collectors.joining(" and "));
    return new Decision(
        "season",
        seasons.stream().map(season -> "" + season.steps()).collect(Collectors.joining(",")),
        "%s %s of the variance".formatted(seasons.size() > 1 ? "explain" : "explains", shares));
  }

  private void chooseBaseline() {
    BaselineChoice choice = BaselineChoice.of(plan, sampling, series, split);
    setBaseline(choice.seasons(), choice.lookBack());
    decisions.addAll(choice.decisions());
  }

  private void setBaseline(List<Integer> seasons, Integer lookBack) {
    ModelPlan.Baseline baseline = plan.baseline();
    plan =
        plan.withBaseline(
            new ModelPlan.Baseline(seasons, lookBack, baseline.isYearly(), baseline.unit()));
  }
}
