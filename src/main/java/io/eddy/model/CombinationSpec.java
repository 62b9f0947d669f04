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
 *   level             l_t + b_t·(φ + φ² + … + φʲ)                          {@link Level}
 *   seasonal-m        x_{t+j−m·k} + d_t·(ψ + ψ² + … + ψᵏ),  k = ⌈j/m⌉      {@link Season}
 *   seasonal-mean-m   s_{t+j−m·k} + e_t·ρʲ                                 {@link Season}
 * </pre>
 *
 * The last two exist once for each season m. The steps ahead are represented by a few leads, each
 * with its own weights; the weights of the steps between two leads are interpolated.
 *
 * @param level parameters of the level
 * @param seasons of ascending length
 * @param learning how weights and errors follow the matured forecasts
 * @param leads steps ahead whose forecasts are scored, ascending; empty if nothing is combined
 */
public record CombinationSpec(
    Level level, List<Season> seasons, Learning learning, List<Lead> leads) {
  /** No combination: the net alone forecasts. */
  public static final CombinationSpec NONE =
      new CombinationSpec(Level.DEFAULT, List.of(), Learning.DEFAULT, List.of());

  static final int MAX_SEASONS = 3;
  static final int MAX_LEADS = 4;

  private static final int FIRST_SEASONAL = 3;
  private static final double MAX_WEIGHT_ERROR = 1e-6;
  private static final double MAX_ERROR = 1e6;

  public CombinationSpec {
    seasons = List.copyOf(seasons);
    leads = List.copyOf(leads);
    ModelSpecification.requireRange("combination: seasons", seasons.size(), 0, MAX_SEASONS);
    ModelSpecification.requireRange("combination: leads", leads.size(), 0, MAX_LEADS);
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
    for (Lead lead : leads) {
      if (lead.steps() <= nearer) {
        throw new IllegalArgumentException(
            "combination: expected ascending leads of at least 1 step, got %d after %d"
                .formatted(lead.steps(), nearer));
      }
      nearer = lead.steps();
      ModelSpecification.requireRange(
          "combination: weights", lead.weights().size(), components, components);
      ModelSpecification.requireRange(
          "combination: errors", lead.errors().size(), components - 1, components - 1);
    }
  }

  /** Returns whether the net alone forecasts. */
  public boolean isNone() {
    return leads.isEmpty();
  }

  /** C: number of components, the net included. */
  public int components() {
    return FIRST_SEASONAL + 2 * seasons.size();
  }

  /** Returns the names of the components in their order: {@code net}, {@code last} and so on. */
  public List<String> componentNames() {
    List<String> names = new ArrayList<>(List.of("net", "last", "level"));
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
   * The level with a damped trend (C. Holt, Forecasting seasonals and trends by exponentially
   * weighted moving averages, 1957; E. Gardner and E. McKenzie, Forecasting trends in time series,
   * 1985):
   *
   * <pre>
   *   l_t = l_{t−1} + φ·b_{t−1} + α·ε_t,   b_t = φ·b_{t−1} + α·β·ε_t,   ε_t = x_t − l_{t−1} − φ·b_{t−1}
   * </pre>
   *
   * @param smoothing α, in (0, 1]
   * @param trendSmoothing β, in [0, 1]; 0 for a level without trend
   * @param damping φ, in [0, 1]
   */
  public record Level(double smoothing, double trendSmoothing, double damping) {
    /** A level without trend. */
    public static final Level DEFAULT = new Level(0.1, 0, 0);

    public Level {
      requireShare("level.smoothing", smoothing, true);
      requireShare("level.trendSmoothing", trendSmoothing, false);
      requireShare("level.damping", damping, false);
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
   * The mean begins as the plain average of the first seasons.
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
    }
  }

  /**
   * An exponentially weighted mean of past differences, which is added to a forecast.
   *
   * @param smoothing weight of the last difference, in (0, 1]
   * @param damping in [0, 1]; 0 without adjustment
   */
  public record Adjustment(double smoothing, double damping) {
    /** No adjustment. */
    public static final Adjustment NONE = new Adjustment(1, 0);

    public Adjustment {
      requireShare("adjustment.smoothing", smoothing, true);
      requireShare("adjustment.damping", damping, false);
    }
  }

  /**
   * How weights and errors are learned.
   *
   * @param rate c: learning rate in units of the regrets' scale, in (0, ½]
   * @param share s: share of the weight that is moved to the prior weights after an average loss,
   *     in [0, 1)
   * @param errorSmoothing weight of the last error in the mean absolute errors, in (0, 1]
   */
  public record Learning(double rate, double share, double errorSmoothing) {
    /** Learns from about the last 100 scored forecasts. */
    public static final Learning DEFAULT = new Learning(0.2, 0.01, 0.05);

    public Learning {
      if (!(rate > 0 && rate <= 0.5)) {
        throw new IllegalArgumentException(
            "combination: learning.rate: expected a number in (0, 0.5], got " + rate);
      }
      if (!(share >= 0 && share < 1)) {
        throw new IllegalArgumentException(
            "combination: learning.share: expected a number in [0, 1), got " + share);
      }
      requireShare("learning.errorSmoothing", errorSmoothing, true);
    }
  }

  /**
   * What is known of the components at one number of steps ahead before a series has any errors.
   *
   * @param steps ahead
   * @param weights prior weights of all components [C], which add up to 1
   * @param errors mean absolute errors of all components but the net [C − 1], in the unit of the
   *     first member's corrections
   */
  public record Lead(int steps, List<Double> weights, List<Double> errors) {
    public Lead {
      weights = List.copyOf(weights);
      errors = List.copyOf(errors);
      double sum = 0;
      for (double weight : weights) {
        requireShare("lead.weights", weight, false);
        sum += weight;
      }
      if (Math.abs(sum - 1) > MAX_WEIGHT_ERROR) {
        throw new IllegalArgumentException(
            "combination: lead.weights: expected a sum of 1, got " + sum);
      }
      for (double error : errors) {
        if (!(error >= 0 && error <= MAX_ERROR)) {
          throw new IllegalArgumentException(
              "combination: lead.errors: expected 0 to %s, got %s".formatted(MAX_ERROR, error));
        }
      }
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
