package io.eddy.evaluation.combination;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Weights on the simplex with which the combination of forecasts has the smallest pinball loss on
 * given points:
 *
 * <pre>
 *   min_w  Σ_n Σ_k ρ_k(y_n − Σ_i w_i·q_{n,i,k}),   w_i ≥ 0,  Σ_i w_i = 1
 * </pre>
 *
 * <p>The problem is convex. It is solved by exponentiated gradients with a falling step size (J.
 * Kivinen and M. Warmuth, Exponentiated gradient versus gradient descent for linear predictors,
 * 1997), beginning with equal weights. The result is the average of the last half of the iterates,
 * mixed with equal weights in proportion to the number of weights per point: with few points the
 * optimum is mostly chance.
 */
final class WeightFit {
  private static final int ITERATIONS = 400;
  private static final double FIRST_STEP = 0.3;
  private static final double STEP_DECAY = 40;
  private static final double MIN_EQUAL_SHARE = 0.02;
  private static final double POINTS_PER_WEIGHT = 20;

  private final double[] levels;
  private final int components;
  private final List<Point> points = new ArrayList<>();

  /** A value with its forecasts. */
  private static final class Point {
    /** By component, then by level [C][L]. */
    final double[][] quantiles;

    final double actual;

    Point(double[][] quantiles, double actual) {
      this.quantiles = quantiles;
      this.actual = actual;
    }
  }

  /**
   * Creates a fit without points.
   *
   * @param levels of the quantiles [L]
   * @param components C
   */
  WeightFit(double[] levels, int components) {
    this.levels = levels;
    this.components = components;
  }

  /**
   * Adds a point.
   *
   * @param quantiles of each component [C][L]; not copied
   * @param actual y
   */
  void add(double[][] quantiles, double actual) {
    points.add(new Point(quantiles, actual));
  }

  /**
   * Returns the weights [C]; equal ones without points.
   *
   * @param independentPoints number of points that do not overlap
   */
  double[] weights(double independentPoints) {
    double[] weights = new double[components];
    Arrays.fill(weights, 1.0 / components);
    double[] mean = new double[components];
    for (int i = 0; i < ITERATIONS; i++) {
      update(weights, FIRST_STEP / (1 + i / STEP_DECAY));
      if (i >= ITERATIONS / 2) {
        for (int c = 0; c < components; c++) {
          mean[c] += weights[c] / (ITERATIONS - ITERATIONS / 2);
        }
      }
    }
    double equal =
        Math.max(
            MIN_EQUAL_SHARE, components / (components + POINTS_PER_WEIGHT * independentPoints));
    for (int c = 0; c < components; c++) {
      mean[c] = (1 - equal) * mean[c] + equal / components;
    }
    return mean;
  }

  private void update(double[] weights, double step) {
    double[] gradient = gradient(weights);
    double largest = Arrays.stream(gradient).map(Math::abs).max().orElse(0);
    if (!(largest > 0)) {
      return;
    }
    double sum = 0;
    for (int c = 0; c < components; c++) {
      weights[c] *= StrictMath.exp(-step * gradient[c] / largest);
      sum += weights[c];
    }
    for (int c = 0; c < components; c++) {
      weights[c] /= sum;
    }
  }

  /** Returns the gradient on the simplex: that of each weight less their weighted mean. */
  private double[] gradient(double[] weights) {
    double[] gradient = new double[components];
    for (Point point : points) {
      for (int k = 0; k < levels.length; k++) {
        double combined = combined(point, weights, k);
        double slope = (point.actual <= combined ? 1 : 0) - levels[k];
        for (int c = 0; c < components; c++) {
          gradient[c] += slope * (point.quantiles[c][k] - combined);
        }
      }
    }
    return gradient;
  }

  private static double combined(Point point, double[] weights, int level) {
    double sum = 0;
    for (int c = 0; c < weights.length; c++) {
      sum += weights[c] * point.quantiles[c][level];
    }
    return sum;
  }
}
