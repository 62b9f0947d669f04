package io.eddy.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Specification of the online combination of the net with simple forecasts, which the stream
 * weights for each series by the errors of matured forecasts.
 *
 * <p>The components, in this order, for steps j = 1 … J ahead of step t, on transformed values x:
 *
 * <pre>
 *   net               the model's own forecast
 *   last              x_t
 *   level             l_t                                                  exponential smoothing
 *   trend             l′_t + b_t·(φ + φ² + … + φʲ)                         {@link Trend}
 *   seasonal-m        x_{t+j−m·k} + d_t·(ψ + ψ² + … + ψᵏ),  k = ⌈j/m⌉      {@link Season}
 *   seasonal-mean-m   s_{t+j−m·k} + e_t·ρʲ                                 {@link Season}
 * </pre>
 *
 * The last two exist once for each season m. The steps ahead are divided into a few groups, each
 * with its own weights, which belong to the middle of the group; those of the steps between two
 * middles are interpolated. The forecasts that are scored take the steps ahead of a group in turns:
 * a single one could be a multiple of a season, at which the last value looks as good as the
 * seasonal one.
 *
 * @param levelSmoothing α of the level, in (0, 1]
 * @param trend parameters of the trend
 * @param seasons of ascending length
 * @param learning how weights and errors follow the matured forecasts
 * @param groups of steps ahead, ascending, up to the horizon; empty if nothing is combined
 */
public record CombinationSpec(
    double levelSmoothing,
    Trend trend,
    List<Season> seasons,
    Learning learning,
    List<Group> groups) {
  /** No combination: the net alone forecasts. */
  public static final CombinationSpec NONE =
      new CombinationSpec(0.1, Trend.DEFAULT, List.of(), Learning.DEFAULT, List.of());

  static final int MAX_SEASONS = 3;
  static final int MAX_GROUPS = 4;

  private static final int FIRST_SEASONAL = 4;
  private static final double MAX_WEIGHT_ERROR = 1e-6;
  private static final double MAX_ERROR = 1e6;

  public CombinationSpec {
    seasons = List.copyOf(seasons);
    groups = List.copyOf(groups);
    requireShare("levelSmoothing", levelSmoothing, true);
    ModelSpecification.requireRange("combination: seasons", seasons.size(), 0, MAX_SEASONS);
    ModelSpecification.requireRange("combination: groups", groups.size(), 0, MAX_GROUPS);
    int shorter = 1;
    for (Season season : seasons) {
      if (season.steps() <= shorter) {
        throw new IllegalArgumentException(
            "combination: expected ascending seasons of at least 2 steps, got %d after %d"
                .formatted(season.steps(), shorter));
      }
      shorter = season.steps();
    }
    int components = FIRST_SEASONAL + 2 * seasons.size();
    int nearer = 0;
    for (Group group : groups) {
      if (group.lastStep() <= nearer) {
        throw new IllegalArgumentException(
            "combination: expected ascending groups of at least 1 step, got %d after %d"
                .formatted(group.lastStep(), nearer));
      }
      nearer = group.lastStep();
      ModelSpecification.requireRange(
          "combination: weights", group.weights().size(), components, components);
      ModelSpecification.requireRange(
          "combination: errors", group.errors().size(), components - 1, components - 1);
    }
  }

  /** Returns whether the net alone forecasts. */
  public boolean isNone() {
    return groups.isEmpty();
  }

  /** Returns a copy with other groups. */
  public CombinationSpec withGroups(List<Group> groups) {
    return new CombinationSpec(levelSmoothing, trend, seasons, learning, groups);
  }

  /** C: number of components, the net included. */
  public int components() {
    return FIRST_SEASONAL + 2 * seasons.size();
  }

  /** Returns the names of the components in their order: {@code net}, {@code last} and so on. */
  public List<String> componentNames() {
    List<String> names = new ArrayList<>(List.of("net", "last", "level", "trend"));
    for (Season season : seasons) {
      names.add("seasonal-" + season.steps());
      names.add("seasonal-mean-" + season.steps());
    }
    return names;
  }

  /** Returns the number of past steps that the components read. */
  int requiredSteps() {
    return seasons.isEmpty() ? 1 : seasons.get(seasons.size() - 1).steps();
  }

  /**
   * A level with a damped trend (C. Holt, Forecasting seasonals and trends by exponentially
   * weighted moving averages, 1957; E. Gardner and E. McKenzie, Forecasting trends in time series,
   * 1985):
   *
   * <pre>
   *   l_t = l_{t−1} + φ·b_{t−1} + α·ε_t,   b_t = φ·b_{t−1} + α·β·ε_t,   ε_t = x_t − l_{t−1} − φ·b_{t−1}
   * </pre>
   *
   * <p>While a series is short, α and α·β are at least 2(2n − 1)/(n(n + 1)) and 6/(n(n + 1)) at
   * value n, so that the level and trend of the first values are those of the straight line by
   * least squares; the level without trend is their mean.
   *
   * @param smoothing α, in (0, 1]
   * @param trendSmoothing β, in [0, 1]
   * @param damping φ, in [0, 1]
   */
  public record Trend(double smoothing, double trendSmoothing, double damping) {
    static final Trend DEFAULT = new Trend(0.1, 0.1, 1);

    public Trend {
      requireShare("trend.smoothing", smoothing, true);
      requireShare("trend.trendSmoothing", trendSmoothing, false);
      requireShare("trend.damping", damping, false);
    }
  }

  /**
   * One season of m steps.
   *
   * <pre>
   *   d_t = d_{t−1} + δ·(x_t − x_{t−m} − d_{t−1})      change over a season
   *   s_t = s_{t−m} + a·(x_t − s_{t−m})                mean of the same step of past seasons
   *   e_t = e_{t−1} + γ·(x_t − s_{t−m} − e_{t−1})      deviation from that mean
   * </pre>
   *
   * The mean begins as the plain average of the first seasons. With γ = 0, e is 0 until three or
   * more values in succession are far from the mean on the same side. It then becomes their
   * deviation, and s follows x_t − e_{t−1} instead of x_t.
   *
   * @param steps m, at least 2
   * @param meanSmoothing a, in (0, 1]
   * @param drift δ and ψ of the seasonal forecast; ψ damps by season
   * @param shift γ and ρ of the seasonal mean; ρ damps by step
   */
  public record Season(int steps, double meanSmoothing, Adjustment drift, Adjustment shift) {
    static final int MAX_STEPS = 100_000;

    public Season {
      ModelSpecification.requireRange("combination: season.steps", steps, 2, MAX_STEPS);
      requireShare("season.meanSmoothing", meanSmoothing, true);
      requireShare("season.drift.smoothing", drift.smoothing(), true);
    }
  }

  /**
   * An exponentially weighted mean of past differences, which is added to a forecast.
   *
   * @param smoothing weight of the last difference, in [0, 1]; 0 follows jumps only, which a drift
   *     does not support
   * @param damping in [0, 1]; 0 without adjustment
   */
  public record Adjustment(double smoothing, double damping) {
    /** No adjustment. */
    public static final Adjustment NONE = new Adjustment(1, 0);

    /** No adjustment until the differences jump. */
    public static final Adjustment JUMPS = new Adjustment(0, 1);

    public Adjustment {
      requireShare("adjustment.smoothing", smoothing, false);
      requireShare("adjustment.damping", damping, false);
    }

    /** Returns whether the mean stays until the differences jump. */
    public boolean followsJumpsOnly() {
      return smoothing == 0;
    }
  }

  /**
   * Parameters of the learning of weights and errors.
   *
   * @param power p: weights are proportional to the sum of the losses to the power of −p, 2 to 64
   * @param discount γ: the factor by which a sum of losses shrinks with each scored forecast, in
   *     [0, 1)
   * @param share s of the weight that every component gets in proportion to its prior weight, in
   *     [0, 1)
   * @param errorSmoothing weight of the last error in the mean absolute errors, in (0, 1]; more for
   *     the first errors of a series
   */
  public record Learning(int power, double discount, double share, double errorSmoothing) {
    static final int MAX_POWER = 64;

    /** Learns from about the last 10 scored forecasts of a group. */
    public static final Learning DEFAULT = new Learning(8, 0.9, 0.003, 0.1);

    public Learning {
      ModelSpecification.requireRange("combination: learning.power", power, 2, MAX_POWER);
      requireBelowOne("learning.discount", discount);
      requireBelowOne("learning.share", share);
      requireShare("learning.errorSmoothing", errorSmoothing, true);
    }
  }

  /**
   * Prior weights and errors of the components in a group of steps ahead. They apply until a series
   * has errors of its own.
   *
   * @param lastStep of the group; it begins after the last step of the previous group
   * @param weights prior weights of all components [C], which add up to 1
   * @param errors mean absolute errors of all components but the net [C − 1], in the unit of the
   *     first member's corrections
   * @param width factor by which the distances of the combined quantiles from their median are
   *     multiplied, in [{@value #MIN_WIDTH}, {@value #MAX_WIDTH}]
   */
  public record Group(int lastStep, List<Double> weights, List<Double> errors, double width) {
    public static final double MIN_WIDTH = 0.5;
    public static final double MAX_WIDTH = 4;

    public Group {
      weights = List.copyOf(weights);
      errors = List.copyOf(errors);
      double sum = 0;
      for (double weight : weights) {
        requireShare("group.weights", weight, false);
        sum += weight;
      }
      if (Math.abs(sum - 1) > MAX_WEIGHT_ERROR) {
        throw new IllegalArgumentException(
            "combination: group.weights: expected a sum of 1, got " + sum);
      }
      for (double error : errors) {
        if (!(error >= 0 && error <= MAX_ERROR)) {
          throw new IllegalArgumentException(
              "combination: group.errors: expected 0 to %s, got %s".formatted(MAX_ERROR, error));
        }
      }
      if (!(width >= MIN_WIDTH && width <= MAX_WIDTH)) {
        throw new IllegalArgumentException(
            "combination: group.width: expected %s to %s, got %s"
                .formatted(MIN_WIDTH, MAX_WIDTH, width));
      }
    }

    /** Creates a group that does not change the width of the combined intervals. */
    public Group(int lastStep, List<Double> weights, List<Double> errors) {
      this(lastStep, weights, errors, 1);
    }

    /** Returns a copy with another width. */
    public Group withWidth(double width) {
      return new Group(lastStep, weights, errors, width);
    }
  }

  private static void requireBelowOne(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "combination: %s: expected a number in [0, 1), got %s".formatted(name, value));
    }
  }

  private static void requireShare(String name, double value, boolean isPositive) {
    if (!(value >= 0 && value <= 1) || (isPositive && value == 0)) {
      throw new IllegalArgumentException(
          "combination: %s: expected a number in %s0, 1], got %s"
              .formatted(name, isPositive ? "(" : "[", value));
    }
  }
}
