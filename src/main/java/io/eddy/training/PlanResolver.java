package io.eddy.training;

import io.eddy.model.BaselineSpec;
import io.eddy.model.Bounds;
import io.eddy.model.BuildVersion;
import io.eddy.model.Covariate;
import io.eddy.model.DecoderKind;
import io.eddy.model.HeadKind;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.nn.CellKind;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.series.TimeOfYear;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Resolves a plan to the specifications of a model's members: what the plan leaves open is derived.
 */
final class PlanResolver {
  /** Minimum context length in addition to a season, in steps. */
  private static final int CONTEXT_BEYOND_SEASON = 96;

  private static final int MIN_SCALER_HALF_LIFE = 48;
  private static final int ERROR_HALF_LIFE_SEASONS = 7;

  private final ModelPlan plan;
  private final List<Integer> seasons;
  private final Sampling sampling;
  private final Collection<SteppedSeries> series;
  private final TimeSplit split;

  /**
   * Creates a resolver.
   *
   * @param seasons in steps, the one of the baseline first
   */
  PlanResolver(
      ModelPlan plan,
      List<Integer> seasons,
      Sampling sampling,
      Collection<SteppedSeries> series,
      TimeSplit split) {
    this.plan = plan;
    this.seasons = seasons;
    this.sampling = sampling;
    this.series = series;
    this.split = split;
  }

  /**
   * Returns the specification of each member.
   *
   * @throws IllegalArgumentException if the plan does not suit the data
   */
  List<ModelSpecification> members() {
    ModelSpecification.Output output = output(baseline());
    List<Covariate> covariates = covariates();
    double initialScale =
        plan.areClasses()
            ? 0
            : InitialScaleFit.of(series, plan.inputs().transformOrDefault(), split.trainEnd());
    List<ModelSpecification> members = new ArrayList<>();
    for (int i = 0; i < memberCount(); i++) {
      members.add(
          new ModelSpecification(
              network(i),
              sampling,
              inputs(patchOf(i)).withCovariates(covariates).withInitialScale(initialScale),
              output,
              contextLength(),
              new Provenance("", 0, BuildVersion.number(), Map.of())));
    }
    return members;
  }

  private int memberCount() {
    Integer members = plan.network().members();
    return members == null ? patches().size() * plan.network().cells().size() : members;
  }

  private List<Integer> patches() {
    return plan.inputs().patchesOrDefault();
  }

  private int patchOf(int member) {
    return patches().get(member % patches().size());
  }

  /** Returns a member's cell; the cell changes after every patch size has been used. */
  private CellKind cellOf(int member) {
    List<CellKind> cells = plan.network().cells();
    return cells.get(member / patches().size() % cells.size());
  }

  private ModelSpecification.Network network(int member) {
    ModelPlan.Network network = plan.network();
    return new ModelSpecification.Network(
        cellOf(member), network.hiddenSizeOrDefault(), network.dilations(), network.dropout());
  }

  /** Returns the half-life of level and scale in steps. */
  static double scalerHalfLife(List<Integer> seasons) {
    return Math.max(MIN_SCALER_HALF_LIFE, seasons.stream().min(Integer::compare).orElse(0));
  }

  private int firstSeason() {
    return seasons.isEmpty() ? 0 : seasons.get(0);
  }

  private ModelSpecification.Inputs inputs(int patch) {
    boolean isErrorUnit = plan.baseline().unit() == ModelPlan.CorrectionUnit.ERROR;
    return new ModelSpecification.Inputs(
        patch,
        true,
        scalerHalfLife(seasons),
        isErrorUnit ? Math.max(MIN_SCALER_HALF_LIFE, ERROR_HALF_LIFE_SEASONS * firstSeason()) : 0,
        plan.inputs().transformOrDefault(),
        plan.inputs().lagsOrDefault());
  }

  private int contextLength() {
    Integer requested = plan.inputs().contextLength();
    if (requested != null) {
      return requested;
    }
    int longest =
        Stream.of(patches(), plan.inputs().lagsOrDefault(), seasons)
            .flatMap(List::stream)
            .reduce(plan.baseline().lookBackOrDefault(), Math::max);
    int several =
        seasons.stream()
            .mapToInt(season -> season + Math.max(season, CONTEXT_BEYOND_SEASON))
            .max()
            .orElse(CONTEXT_BEYOND_SEASON);
    return Math.max(longest, several);
  }

  private BaselineSpec baseline() {
    boolean isYearly = plan.baseline().isYearly();
    if (isYearly) {
      requireYear();
    }
    return new BaselineSpec(firstSeason(), plan.baseline().lookBackOrDefault(), isYearly);
  }

  private void requireYear() {
    long steps = series.stream().mapToLong(s -> s.before(split.trainEnd()).size()).max().orElse(0);
    Duration longest = sampling.interval().meanLength().multipliedBy(steps);
    if (longest.toMillis() < TimeOfYear.YEAR_MS) {
      throw new InvalidPlanException(
          "yearly baseline: expected a series with at least 366 days of training data, got %d days"
              .formatted(longest.toDays()));
    }
  }

  private List<Covariate> covariates() {
    CovariateNames names = plan.inputs().covariates();
    List<Covariate> covariates = new ArrayList<>();
    names.past().forEach(name -> covariates.add(Covariate.past(name)));
    names.future().forEach(name -> covariates.add(Covariate.future(name)));
    for (String name : names.statics()) {
      covariates.add(StaticCovariateFit.fit(name, series, split.trainEnd()));
    }
    return covariates;
  }

  private ModelSpecification.Output output(BaselineSpec baseline) {
    ModelPlan.Head head = plan.output().head();
    HeadKind kind = head.kindOrDefault();
    if (kind == HeadKind.NEGATIVE_BINOMIAL) {
      series.forEach(PlanResolver::requireCounts);
    }
    Bounds bounds = head.bounds() == null || plan.areClasses() ? Bounds.NONE : head.bounds();
    return new ModelSpecification.Output(
            plan.horizon(),
            kind,
            head.loss() == null ? kind.losses().get(0) : head.loss(),
            kind.hasLevels() ? head.quantileLevels() : List.of(),
            plan.areClasses() ? classes() : 0,
            decoding(),
            baseline,
            kind.hasLevels() ? head.calibrationRate() : 0)
        .withBounds(bounds);
  }

  private static void requireCounts(SteppedSeries series) {
    for (int t = 0; t < series.size(); t++) {
      double value = series.values()[t];
      if (!Double.isNaN(value) && !(value >= 0 && value == Math.rint(value))) {
        throw new InvalidPlanException(
            "head negative_binomial: expected counts, whole numbers of at least 0, got %s in step"
                    .formatted(value)
                + " %d of series %s; use --head quantiles".formatted(t + 1, series.name()));
      }
    }
  }

  /** Returns K as requested, or the highest class in the data plus one. */
  private int classes() {
    Integer requested = plan.output().head().classes();
    if (requested != null) {
      return requested;
    }
    double highest =
        series.stream()
            .flatMapToDouble(s -> Arrays.stream(s.values()))
            .filter(value -> !Double.isNaN(value))
            .max()
            .orElse(0);
    return (int) highest + 1;
  }

  private ModelSpecification.Decoding decoding() {
    ModelPlan.Decoder decoder = plan.output().decoder();
    DecoderKind kind = decoder.kindFor(plan.inputs().covariates());
    if (kind == DecoderKind.LINEAR) {
      return ModelSpecification.Decoding.LINEAR;
    }
    Integer requested = decoder.width();
    int width =
        requested == null
            ? Math.min(ModelPlan.MAX_DEFAULT_DECODER_WIDTH, plan.network().hiddenSizeOrDefault())
            : requested;
    return new ModelSpecification.Decoding(kind, width);
  }
}
