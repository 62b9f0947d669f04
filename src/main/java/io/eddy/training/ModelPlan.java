package io.eddy.training;

import io.eddy.model.BaselineSpec;
import io.eddy.model.Bounds;
import io.eddy.model.DecoderKind;
import io.eddy.model.HeadKind;
import io.eddy.model.LossKind;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Transform;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.GapFilling;
import io.eddy.series.Interval;
import io.eddy.series.IntervalChoice;
import io.eddy.series.IntervalDetector;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.season.Season;
import io.eddy.training.season.SeasonDetector;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The requested properties of a new model. A null component is automatic: it is derived from the
 * data or from the other components.
 *
 * @param network the recurrent stack and the size of the ensemble
 * @param grid how observations are sampled
 * @param inputs what the network receives
 * @param baseline the forecast that the network corrects
 * @param output what the model forecasts
 */
public record ModelPlan(Network network, Grid grid, Inputs inputs, Baseline baseline, Output output)
    implements ModelDefinition {
  public static final ModelPlan DEFAULT =
      new ModelPlan(
          Network.DEFAULT, Grid.DEFAULT, Inputs.DEFAULT, Baseline.DEFAULT, Output.DEFAULT);

  static final int MAX_DEFAULT_DECODER_WIDTH = 64;

  public ModelPlan {
    requireMembers(network.members(), inputs.patchesOrDefault().size(), network.cells().size());
    requireDecoder(inputs.covariates(), output.decoder());
  }

  /**
   * The recurrent stack and the size of the ensemble.
   *
   * @param cells kinds of cells; the members of an ensemble take them in turn
   * @param hiddenSize units of each layer; null for {@value #DEFAULT_HIDDEN_SIZE}
   * @param dilations steps back to each layer's previous state, one per layer from the bottom
   * @param dropout share of the values between two layers that training drops at random
   * @param members ensemble size; null for one member per combination of cell and patch size
   */
  public record Network(
      List<CellKind> cells,
      @Nullable Integer hiddenSize,
      List<Integer> dilations,
      double dropout,
      @Nullable Integer members) {
    public static final int DEFAULT_HIDDEN_SIZE = 32;
    static final Network DEFAULT = new Network(List.of(CellKind.GRU), null, List.of(1), 0, null);

    public Network {
      cells = List.copyOf(cells);
      dilations = List.copyOf(dilations);
    }

    int hiddenSizeOrDefault() {
      return hiddenSize == null ? DEFAULT_HIDDEN_SIZE : hiddenSize;
    }
  }

  /**
   * Sampling of the observations.
   *
   * @param interval of the steps
   * @param aggregation how a step's observations become its value
   * @param maxGapSteps missing steps in a row that are filled in; a longer gap restarts the series
   * @param gaps what fills them in
   */
  public record Grid(
      IntervalChoice interval, Aggregation aggregation, int maxGapSteps, GapFilling gaps) {
    public static final int DEFAULT_MAX_GAP_STEPS = 24;
    static final Grid DEFAULT =
        new Grid(
            IntervalChoice.DETECTED, Aggregation.FIRST, DEFAULT_MAX_GAP_STEPS, GapFilling.LAST);
  }

  /**
   * Inputs of the network.
   *
   * @param patches numbers of recent values that the first layer receives; the members of an
   *     ensemble take them in turn; null for 1
   * @param lags distances, in steps, of the past values that are added for each step ahead; null
   *     for none
   * @param transform of the values; null for none
   * @param covariates names of the covariates
   * @param contextLength W, steps that a hidden state is rebuilt from; null for several seasons,
   *     and at least the longest patch, lag and look-back
   */
  public record Inputs(
      @Nullable List<Integer> patches,
      @Nullable List<Integer> lags,
      @Nullable Transform transform,
      CovariateNames covariates,
      @Nullable Integer contextLength) {
    static final Inputs DEFAULT = new Inputs(null, null, null, CovariateNames.NONE, null);

    public Inputs {
      patches = patches == null ? null : List.copyOf(patches);
      lags = lags == null ? null : List.copyOf(lags);
    }

    List<Integer> patchesOrDefault() {
      return patches == null ? List.of(1) : patches;
    }

    List<Integer> lagsOrDefault() {
      return lags == null ? List.of() : lags;
    }

    /** Returns the requested transform, or none. */
    public Transform transformOrDefault() {
      return transform == null ? Transform.NONE : transform;
    }
  }

  /**
   * The forecast that the network corrects.
   *
   * @param seasons of the data in steps, the one of the baseline first; empty for none; null to
   *     detect them in the training part
   * @param lookBack values that a linear baseline reads; 0 for seasonal naive; null for 0
   * @param isYearly whether the time of the year is an input of the linear baseline
   * @param unit unit of the corrections; null for the spread
   */
  public record Baseline(
      @Nullable List<Integer> seasons,
      @Nullable Integer lookBack,
      boolean isYearly,
      @Nullable CorrectionUnit unit) {
    public static final int MAX_SEASONS = 3;
    static final Baseline DEFAULT = new Baseline(null, null, false, null);

    public Baseline {
      seasons = seasons == null ? null : List.copyOf(seasons);
      if (seasons != null) {
        requireSeasons(seasons);
      }
      if (isYearly && lookBack != null) {
        // Validates the combination.
        new BaselineSpec(0, lookBack, true);
      }
    }

    private static void requireSeasons(List<Integer> seasons) {
      boolean isValid =
          seasons.size() <= MAX_SEASONS
              && seasons.stream().allMatch(steps -> steps >= 1)
              && new HashSet<>(seasons).size() == seasons.size();
      if (!isValid) {
        throw new InvalidPlanException(
            "season: expected 0 for none, or up to %d different numbers of steps, got %s"
                .formatted(MAX_SEASONS, seasons));
      }
    }

    int lookBackOrDefault() {
      return lookBack == null ? 0 : lookBack;
    }
  }

  /** Unit of the network's corrections, which weighs the errors of the series in training. */
  public enum CorrectionUnit {
    /** Spread of a series' values. */
    SPREAD,
    /** Mean absolute error of the seasonal naive (or naive) forecast, as in MASE. */
    ERROR;

    /** Returns the unit with an id, {@code spread} or {@code error}. */
    public static CorrectionUnit of(String id) {
      return switch (id) {
        case "spread" -> SPREAD;
        case "error" -> ERROR;
        default -> throw new InvalidPlanException("unit: expected spread or error, got " + id);
      };
    }
  }

  /**
   * Output of the model.
   *
   * @param horizon steps to forecast
   * @param head the form of a forecast
   * @param decoder how the steps ahead are computed
   */
  public record Output(int horizon, Head head, Decoder decoder) {
    public static final int DEFAULT_HORIZON = 24;
    static final Output DEFAULT = new Output(DEFAULT_HORIZON, Head.DEFAULT, Decoder.AUTOMATIC);
  }

  /**
   * The form of a forecast.
   *
   * @param kind quantiles, a point, a distribution or class probabilities; null to choose quantiles
   *     or counts by the training part
   * @param loss training loss; null for the kind's first one
   * @param quantileLevels ascending, 0.5 among them; ignored by a kind without levels
   * @param classes K, values are 0 to K − 1; null for the classes in the data; softmax only
   * @param calibrationRate step size of adaptive conformal calibration, 0 for none; ignored by a
   *     kind without levels
   * @param bounds what the values can be; null to recognise it in the training part
   */
  public record Head(
      @Nullable HeadKind kind,
      @Nullable LossKind loss,
      List<Double> quantileLevels,
      @Nullable Integer classes,
      double calibrationRate,
      @Nullable Bounds bounds) {
    public static final List<Double> DEFAULT_QUANTILE_LEVELS =
        List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);
    public static final double DEFAULT_CALIBRATION_RATE = 0.02;
    static final Head DEFAULT =
        new Head(null, null, DEFAULT_QUANTILE_LEVELS, null, DEFAULT_CALIBRATION_RATE, null);

    public Head {
      quantileLevels = List.copyOf(quantileLevels);
      if (classes != null && kind != HeadKind.SOFTMAX) {
        throw new InvalidPlanException(
            "classes: expected head softmax, got " + (kind == null ? "none" : kind.id()));
      }
    }

    HeadKind kindOrDefault() {
      return kind == null ? HeadKind.QUANTILES : kind;
    }

    /** Returns this head with a kind and bounds. */
    public Head with(HeadKind kind, Bounds bounds) {
      return new Head(kind, loss, quantileLevels, classes, calibrationRate, bounds);
    }
  }

  /**
   * Computation of the steps ahead.
   *
   * @param kind null for linear, or steps if there are known-future covariates
   * @param width units of the steps decoder; null for the hidden size, at most {@value
   *     ModelPlan#MAX_DEFAULT_DECODER_WIDTH}
   */
  public record Decoder(@Nullable DecoderKind kind, @Nullable Integer width) {
    public static final Decoder AUTOMATIC = new Decoder(null, null);

    DecoderKind kindFor(CovariateNames covariates) {
      if (kind != null) {
        return kind;
      }
      return covariates.future().isEmpty() ? DecoderKind.LINEAR : DecoderKind.STEPS;
    }
  }

  private static void requireMembers(@Nullable Integer members, int patches, int cells) {
    int min = patches * cells;
    int size = members == null ? min : members;
    if (size < min || size > Model.MAX_MEMBERS) {
      throw new InvalidPlanException(
          "ensemble: expected %d to %d members for %d patch size(s) and %d cell(s), got %d"
              .formatted(min, Model.MAX_MEMBERS, patches, cells, size));
    }
  }

  private static void requireDecoder(CovariateNames covariates, Decoder decoder) {
    if (decoder.kindFor(covariates) == DecoderKind.STEPS) {
      return;
    }
    if (!covariates.future().isEmpty()) {
      throw new InvalidPlanException(
          "known-future covariates: expected decoder steps, got linear, which cannot use them");
    }
    if (decoder.width() != null) {
      throw new InvalidPlanException("decoder width: expected decoder steps, got linear");
    }
  }

  /** Returns this plan with other inputs. */
  public ModelPlan withInputs(Inputs inputs) {
    return new ModelPlan(network, grid, inputs, baseline, output);
  }

  /** Returns this plan with another baseline. */
  public ModelPlan withBaseline(Baseline baseline) {
    return new ModelPlan(network, grid, inputs, baseline, output);
  }

  /** Returns this plan with another head. */
  public ModelPlan withHead(Head head) {
    Output other = new Output(output.horizon(), head, output.decoder());
    return new ModelPlan(network, grid, inputs, baseline, other);
  }

  /** Returns this plan with another network. */
  public ModelPlan withNetwork(Network network) {
    return new ModelPlan(network, grid, inputs, baseline, output);
  }

  /** Returns this plan with other kinds of cells. */
  public ModelPlan withCells(List<CellKind> cells) {
    Network other =
        new Network(
            cells, network.hiddenSize(), network.dilations(), network.dropout(), network.members());
    return new ModelPlan(other, grid, inputs, baseline, output);
  }

  @Override
  public List<String> covariateNames() {
    return inputs.covariates().all();
  }

  @Override
  public List<String> futureCovariateNames() {
    return inputs.covariates().future();
  }

  @Override
  public int horizon() {
    return output.horizon();
  }

  @Override
  public OptionalInt classLimit() {
    if (!areClasses()) {
      return OptionalInt.empty();
    }
    Integer classes = output.head().classes();
    return OptionalInt.of(classes == null ? ModelSpecification.Output.MAX_CLASSES : classes);
  }

  @Override
  public boolean isContextGiven() {
    return inputs.contextLength() != null;
  }

  @Override
  public Optional<Model> initialModel() {
    return Optional.empty();
  }

  @Override
  public Sampling sampling(IntervalDetector times) {
    Interval interval = grid.interval().resolve(times);
    try {
      return new Sampling(
          interval,
          grid.aggregation(),
          grid.maxGapSteps(),
          grid.gaps(),
          interval.isFixed() ? grid.interval().zone() : interval.zone());
    } catch (IllegalArgumentException e) {
      throw new InvalidPlanException(e);
    }
  }

  @Override
  public List<ModelSpecification> members(
      Sampling sampling, Collection<SteppedSeries> series, TimeSplit split) {
    List<Integer> seasons = seasons(sampling, series, split);
    try {
      return new PlanResolver(this, seasons, sampling, series, split).members();
    } catch (InvalidPlanException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new InvalidPlanException(e);
    }
  }

  /** Returns the seasons in steps as requested, or else those detected in the training part. */
  public List<Integer> seasons(
      Sampling sampling, Collection<SteppedSeries> series, TimeSplit split) {
    List<Integer> requested = baseline.seasons();
    return requested == null
        ? SeasonDetector.detect(series, sampling.interval(), areClasses(), split.trainEnd())
            .stream()
            .map(Season::steps)
            .toList()
        : requested;
  }

  /** Returns whether values are classes and not amounts. */
  public boolean areClasses() {
    return output.head().kind() == HeadKind.SOFTMAX;
  }
}
