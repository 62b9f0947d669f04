package io.eddy.training.choice;

import io.eddy.model.Bounds;
import io.eddy.model.HeadKind;
import io.eddy.model.Transform;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.ModelPlan;
import io.eddy.training.TimeSplit;
import io.eddy.training.TrainingSchedule;
import io.eddy.training.season.Season;
import io.eddy.training.season.SeasonDetector;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Chooses the open properties of a plan one after the other. */
final class PlanChooser {
  private final Sampling sampling;
  private final Collection<SteppedSeries> series;
  private final TimeSplit split;
  private final List<Decision> decisions = new ArrayList<>();
  private boolean arePatchesOpen;
  private ModelPlan plan;

  PlanChooser(
      ModelPlan requested, Sampling sampling, Collection<SteppedSeries> series, TimeSplit split) {
    plan = requested;
    this.sampling = sampling;
    this.series = series;
    this.split = split;
  }

  /**
   * Returns the plan without open properties.
   *
   * @param schedule of the training, which limits the number of members
   */
  ModelPlan choose(TrainingSchedule schedule) {
    chooseSeasons();
    if (!plan.areClasses()) {
      chooseUnit();
      chooseTransformAndBaseline();
      chooseInputs();
      chooseValues();
    }
    NetworkChoice network = NetworkChoice.of(plan, TrainingSchedule.DataSize.of(series, split));
    plan = plan.withNetwork(network.network());
    decisions.addAll(network.decisions());
    chooseMembers(schedule);
    return plan;
  }

  List<Decision> decisions() {
    return decisions;
  }

  private List<Integer> seasons() {
    return Objects.requireNonNull(plan.baseline().seasons());
  }

  private void chooseSeasons() {
    if (plan.baseline().seasons() != null) {
      return;
    }
    Integer context = plan.inputs().contextLength();
    List<Season> seasons =
        SeasonDetector.detect(series, sampling.interval(), plan.areClasses(), split.trainEnd())
            .stream()
            .filter(season -> context == null || season.steps() <= context)
            .toList();
    setBaseline(
        seasons.stream().map(Season::steps).toList(),
        plan.baseline().lookBack(),
        plan.baseline().unit());
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
        join(seasons.stream().map(Season::steps).toList()),
        "%s %s of the variance".formatted(seasons.size() > 1 ? "explain" : "explains", shares));
  }

  private static String join(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private void chooseUnit() {
    if (plan.baseline().unit() != null) {
      return;
    }
    boolean isError = series.size() > 1 && !seasons().isEmpty();
    setBaseline(
        seasons(),
        plan.baseline().lookBack(),
        isError ? ModelPlan.CorrectionUnit.ERROR : ModelPlan.CorrectionUnit.SPREAD);
    if (isError) {
      decisions.add(
          new Decision("unit", "error", "so that series of unequal noise weigh the same"));
    }
  }

  private void chooseTransformAndBaseline() {
    BaselineChoice plain = baseline(Transform.NONE);
    BaselineChoice chosen = plain;
    Transform transform = plan.inputs().transform();
    if (transform == null) {
      transform = Transform.NONE;
      if (plan.output().head().kind() != HeadKind.NEGATIVE_BINOMIAL
          && LogTransform.isApplicable(series)) {
        BaselineChoice log = baseline(Transform.LOG);
        if (log.error() < LogTransform.maxErrorRatio(series.size()) * plain.error()) {
          transform = Transform.LOG;
          chosen = log;
          decisions.add(LogTransform.decision(log.error() / plain.error()));
        }
      }
    } else if (transform == Transform.LOG) {
      chosen = baseline(Transform.LOG);
    }
    setInputs(plan.inputs().patches(), plan.inputs().lags(), transform);
    setBaseline(chosen.seasons(), chosen.lookBack(), plan.baseline().unit());
    decisions.addAll(chosen.decisions());
  }

  private BaselineChoice baseline(Transform transform) {
    ModelPlan.Inputs inputs = plan.inputs();
    return BaselineChoice.of(
        plan.withInputs(
            new ModelPlan.Inputs(
                inputs.patches(),
                inputs.lags(),
                transform,
                inputs.covariates(),
                inputs.contextLength())),
        sampling,
        series,
        split);
  }

  private void chooseInputs() {
    arePatchesOpen = plan.inputs().patches() == null;
    InputChoice choice = InputChoice.of(plan, series, split.trainEnd());
    setInputs(choice.patches(), choice.lags(), plan.inputs().transform());
    decisions.addAll(choice.decisions());
  }

  /** Recognises bounds, and counts that need a distribution of their own. */
  private void chooseValues() {
    ModelPlan.Head head = plan.output().head();
    if (head.kind() != null && head.bounds() != null) {
      return;
    }
    ValueStatistics statistics = ValueStatistics.of(series, split.trainEnd());
    Bounds bounds = head.bounds() == null ? statistics.bounds() : head.bounds();
    if (head.bounds() == null && !bounds.isNone()) {
      decisions.add(new Decision("bounds", describe(bounds), statistics.reason()));
    }
    HeadKind kind = head.kind() == null ? HeadKind.QUANTILES : head.kind();
    if (head.kind() == null && isForCounts(statistics)) {
      kind = HeadKind.NEGATIVE_BINOMIAL;
      decisions.add(
          new Decision(
              "head",
              kind.id(),
              String.format(
                  Locale.ROOT,
                  "counts with a mean of %.2g that vary like random events",
                  statistics.mean())));
    }
    plan = plan.withHead(head.with(kind, bounds));
  }

  private boolean isForCounts(ValueStatistics statistics) {
    return statistics.isSmallCounts()
        && plan.output().head().loss() == null
        && plan.inputs().transformOrDefault() == Transform.NONE
        && series.stream()
            .flatMapToDouble(s -> Arrays.stream(s.values()))
            .allMatch(PlanChooser::isCountOrMissing);
  }

  private static boolean isCountOrMissing(double value) {
    return Double.isNaN(value) || (value >= 0 && value == Math.rint(value));
  }

  private static String describe(Bounds bounds) {
    String range =
        Double.isInfinite(bounds.lower()) && Double.isInfinite(bounds.upper())
            ? ""
            : "%s..%s".formatted(describe(bounds.lower()), describe(bounds.upper()));
    return range + (bounds.isInteger() ? (range.isEmpty() ? "" : ",") + "integer" : "");
  }

  private static String describe(double bound) {
    return Double.isInfinite(bound)
        ? ""
        : BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
  }

  private void chooseMembers(TrainingSchedule schedule) {
    ModelPlan.Network network = plan.network();
    int size =
        NetworkChoice.members(
            plan,
            TrainingSchedule.DataSize.of(series, split),
            data -> schedule.affordableMembers(plan.members(sampling, series, split).get(0), data));
    if (size > 1) {
      plan =
          plan.withNetwork(
              new ModelPlan.Network(
                  network.cells(),
                  network.hiddenSize(),
                  network.dilations(),
                  network.dropout(),
                  size));
      decisions.add(new Decision("ensemble", "" + size, "the budget allows it"));
      if (arePatchesOpen) {
        choosePatches();
      }
    }
  }

  /** Lets the members differ in their patch, because the errors of unlike members cancel out. */
  private void choosePatches() {
    List<Integer> patches = InputChoice.memberPatches(plan, series, split.trainEnd());
    if (patches.size() > 1) {
      setInputs(patches, plan.inputs().lags(), plan.inputs().transform());
      decisions.removeIf(decision -> decision.property().equals("patch"));
      decisions.add(
          new Decision("patch", join(patches), "a cycle of one season each, in turn by member"));
    }
  }

  private void setInputs(
      @Nullable List<Integer> patches,
      @Nullable List<Integer> lags,
      @Nullable Transform transform) {
    ModelPlan.Inputs inputs = plan.inputs();
    plan =
        plan.withInputs(
            new ModelPlan.Inputs(
                patches, lags, transform, inputs.covariates(), inputs.contextLength()));
  }

  private void setBaseline(
      List<Integer> seasons, @Nullable Integer lookBack, ModelPlan.@Nullable CorrectionUnit unit) {
    plan =
        plan.withBaseline(
            new ModelPlan.Baseline(seasons, lookBack, plan.baseline().isYearly(), unit));
  }
}
