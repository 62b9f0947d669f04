package io.eddy.evaluation.combination;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.combination.ScoredLead;
import io.eddy.model.CombinationSpec;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Transform;
import java.util.ArrayList;
import java.util.List;

/**
 * Estimates the width of the combined intervals from forecasts of the combination, as the stream
 * makes them. For each group of steps ahead it has the smallest pinball loss, relative to the
 * distance s_n between the lowest and the highest quantile:
 *
 * <pre>
 *   min_b  Σ_n Σ_k ρ_k((y_n − m_n) − b·(q_{n,k} − m_n)) / s_n
 * </pre>
 *
 * <p>The problem is convex in b; its slope is Σ_n Σ_k ([y_n ≤ m_n + b·(q_{n,k} − m_n)] −
 * τ_k)·(q_{n,k} − m_n) / s_n. The slope is 0 where the shares of the values below the quantiles
 * match their levels, on average. With few independent points the result is close to 1. Forecasts
 * with equal quantiles are left out: they were rounded or clipped.
 */
final class WidthFit {
  /** Points of a group that are kept at most; of more, every second one is dropped. */
  private static final int MAX_POINTS = 8000;

  /** Independent points that a width of 1 counts for. */
  private static final double PRIOR_POINTS = 10;

  private static final int BISECTIONS = 40;

  private final CombinationSpec combination;
  private final List<Double> levels;
  private final Transform transform;
  private final List<List<Point>> points = new ArrayList<>();
  private final double[] independent;

  /** A value and the quantiles of its forecast, minus their median, relative to their distance. */
  private static final class Point {
    /** (q − m) / s [Q] */
    final float[] quantiles;

    /** (y − m) / s */
    final double actual;

    Point(float[] quantiles, double actual) {
      this.quantiles = quantiles;
      this.actual = actual;
    }

    /** Returns the slope of the loss. */
    double slope(double width, List<Double> levels) {
      double slope = 0;
      for (int k = 0; k < quantiles.length; k++) {
        double isBelow = actual <= width * quantiles[k] ? 1 : 0;
        slope += (isBelow - levels.get(k)) * quantiles[k];
      }
      return slope;
    }
  }

  /**
   * Creates a fit without points.
   *
   * @param model with a combination
   */
  WidthFit(Model model) {
    ModelSpecification.Output output = model.specification().output();
    combination = output.combination();
    levels = output.quantileLevels();
    transform = model.specification().inputs().transform();
    combination.groups().forEach(group -> points.add(new ArrayList<>()));
    independent = new double[points.size()];
  }

  /**
   * Adds a point for each group of steps ahead of step {@code t}.
   *
   * @param values of the series
   * @param end index after the last value to use
   */
  void add(int t, Forecast forecast, double[] values, int end) {
    int first = 1;
    for (int g = 0; g < points.size(); g++) {
      int last = combination.groups().get(g).lastStep();
      int ahead = ScoredLead.of(first, last, t);
      if (t + ahead < end && !Double.isNaN(values[t + ahead])) {
        add(g, ahead, forecast, values[t + ahead]);
      }
      first = last + 1;
    }
  }

  private void add(int group, int ahead, Forecast forecast, double value) {
    double median = transform.apply(forecast.median(ahead));
    int last = levels.size() - 1;
    double distance =
        transform.apply(forecast.value(ahead, last)) - transform.apply(forecast.value(ahead, 0));
    double actual = (transform.apply(value) - median) / distance;
    if (hasEqualQuantiles(forecast, ahead) || !Double.isFinite(actual)) {
      return;
    }
    float[] quantiles = new float[levels.size()];
    for (int k = 0; k < quantiles.length; k++) {
      quantiles[k] = (float) ((transform.apply(forecast.value(ahead, k)) - median) / distance);
    }
    List<Point> sample = points.get(group);
    sample.add(new Point(quantiles, actual));
    independent[group] += 1.0 / ahead;
    if (sample.size() > MAX_POINTS) {
      for (int i = 1; i <= MAX_POINTS / 2; i++) {
        sample.remove(i);
      }
    }
  }

  private boolean hasEqualQuantiles(Forecast forecast, int ahead) {
    for (int k = 1; k < levels.size(); k++) {
      if (!(forecast.value(ahead, k) > forecast.value(ahead, k - 1))) {
        return true;
      }
    }
    return false;
  }

  /** Returns the combination with the widths. */
  CombinationSpec combination() {
    List<CombinationSpec.Group> groups = new ArrayList<>();
    for (int g = 0; g < points.size(); g++) {
      double best = points.get(g).isEmpty() ? 1 : best(points.get(g));
      double width = (PRIOR_POINTS + independent[g] * best) / (PRIOR_POINTS + independent[g]);
      groups.add(combination.groups().get(g).withWidth(width));
    }
    return combination.withGroups(groups);
  }

  private double best(List<Point> sample) {
    double low = CombinationSpec.Group.MIN_WIDTH;
    double high = CombinationSpec.Group.MAX_WIDTH;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (low + high) / 2;
      double slope = sample.stream().mapToDouble(point -> point.slope(middle, levels)).sum();
      if (slope < 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
