package io.eddy.evaluation.combination;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.combination.ScoredLead;
import io.eddy.model.CombinationSpec;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.StandardQuantile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Estimates prior weights and errors of the components from forecasts of the validation part.
 *
 * <p>An error counts for at most {@value #MAX_ERROR_RATIO} times the component's median error or
 * the unit, whichever is larger, as in the stream. A point with a larger error than that of every
 * component counts less for the weights in proportion. A series whose level shifts by many units
 * therefore does not decide for all others.
 */
final class PriorFit {
  /** Points of a group that are kept; of more, every second one is dropped. */
  private static final int MAX_POINTS = 4000;

  /** Standard deviations in a mean absolute error of a normal distribution: √(π/2). */
  private static final double DEVIATIONS = 1.2533141373155003;

  private static final double MAX_ERROR_RATIO = 10;

  /** Independent points that a scale of 1 counts for, as at the beginning in the stream. */
  private static final double SCALE_PRIOR = 4;

  private final Model model;
  private final CombinationSpec components;
  private final List<Double> levels;
  private final List<Integer> scored;

  /** Index of the median among the scored levels. */
  private final int median;

  private final List<Integer> lastSteps;
  private final List<List<Point>> points = new ArrayList<>();
  private final double[] independent;

  /** A value with its forecasts, all transformed, minus the last value, in units of the series. */
  private static final class Point {
    /** Quantiles of the net that are scored [L]. */
    final double[] net;

    /** Points of the simple components [C − 1]. */
    final double[] simple;

    final double actual;

    Point(double[] net, double[] simple, double actual) {
      this.net = net;
      this.simple = simple;
      this.actual = actual;
    }

    /** Returns the absolute error of a simple component. */
    double error(int component) {
      return Math.abs(actual - simple[component]);
    }

    /** Returns the absolute error of the net's median. */
    double netError(int median) {
      return Math.abs(actual - net[median]);
    }

    /** Returns the largest absolute error of a simple component or a quantile of the net. */
    double largestError() {
      return DoubleStream.concat(Arrays.stream(net), Arrays.stream(simple))
          .map(forecast -> Math.abs(actual - forecast))
          .max()
          .orElseThrow();
    }
  }

  /**
   * Creates a fit without points.
   *
   * @param components the simple forecasts
   */
  PriorFit(Model model, CombinationSpec components) {
    ModelSpecification.Output output = model.specification().output();
    this.model = model;
    this.components = components;
    levels = output.quantileLevels();
    scored =
        levels.isEmpty()
            ? List.of()
            : IntStream.of(0, levels.indexOf(0.5), levels.size() - 1).distinct().boxed().toList();
    median = Math.max(0, scored.indexOf(levels.indexOf(0.5)));
    lastSteps = StepGroups.lastSteps(output.horizon());
    lastSteps.forEach(last -> points.add(new ArrayList<>()));
    independent = new double[lastSteps.size()];
  }

  /**
   * Returns the forecasts of a series.
   *
   * @param end index after the last value to use
   */
  SeriesForecasts of(double[] values, int end) {
    return new SeriesForecasts(values, end);
  }

  /** Adds the forecasts of one series. */
  final class SeriesForecasts {
    private final double[] values;
    private final int end;
    private final SimpleRun simple = new SimpleRun(components, model);

    private SeriesForecasts(double[] values, int end) {
      this.values = values;
      this.end = end;
    }

    /** Appends the value of step {@code t}. */
    void observe(int t) {
      simple.observe(values[t]);
    }

    /** Adds a point for each group of steps ahead of step {@code t}, the last one observed. */
    void add(int t, Forecast forecast) {
      simple.begin();
      int first = 1;
      for (int group = 0; group < points.size(); group++) {
        int ahead = ScoredLead.of(first, lastSteps.get(group), t);
        double[] ofLead = {};
        for (int j = first; j <= lastSteps.get(group); j++) {
          double[] next = simple.next();
          ofLead = j == ahead ? next.clone() : ofLead;
        }
        if (t + ahead < end && !Double.isNaN(values[t + ahead])) {
          independent[group] += 1.0 / ahead;
          points.get(group).add(point(t, ahead, forecast, ofLead));
          thin(points.get(group));
        }
        first = lastSteps.get(group) + 1;
      }
    }

    private Point point(int t, int ahead, Forecast forecast, double[] ofLead) {
      double unit = simple.unit();
      double origin = simple.transformed(values[t]);
      double[] net =
          scored.isEmpty()
              ? new double[] {simple.transformed(forecast.median(ahead))}
              : scored.stream()
                  .mapToDouble(k -> simple.transformed(forecast.value(ahead, k)))
                  .toArray();
      double actual = simple.transformed(values[t + ahead]);
      return new Point(
          scaled(net, origin, unit), scaled(ofLead, origin, unit), (actual - origin) / unit);
    }

    private static double[] scaled(double[] values, double origin, double unit) {
      return Arrays.stream(values).map(value -> (value - origin) / unit).toArray();
    }
  }

  private static void thin(List<Point> points) {
    if (points.size() > 2 * MAX_POINTS) {
      List<Point> kept = IntStream.range(0, MAX_POINTS).mapToObj(i -> points.get(2 * i)).toList();
      points.clear();
      points.addAll(kept);
    }
  }

  /** Returns the specification; {@link CombinationSpec#NONE} if a group has no point. */
  CombinationSpec combination() {
    if (points.stream().anyMatch(List::isEmpty)) {
      return CombinationSpec.NONE;
    }
    List<CombinationSpec.Group> groups = new ArrayList<>();
    for (int group = 0; group < points.size(); group++) {
      groups.add(group(lastSteps.get(group), points.get(group), independent[group]));
    }
    return new CombinationSpec(
        components.levelSmoothing(),
        components.trend(),
        components.seasons(),
        components.learning(),
        groups);
  }

  private CombinationSpec.Group group(int lastStep, List<Point> sample, double independent) {
    double[] bounds = bounds(sample);
    double[] errors = new double[bounds.length];
    for (Point point : sample) {
      for (int i = 0; i < errors.length; i++) {
        errors[i] += Math.min(bounds[i], point.error(i)) / sample.size();
      }
    }
    double bound = Arrays.stream(bounds).max().orElseThrow();
    double netScale = netScale(sample, independent);
    WeightFit fit = new WeightFit(scoredLevels(), components.components());
    sample.forEach(point -> add(point, quantiles(point, errors, netScale), bound, fit));
    return new CombinationSpec.Group(
        lastStep,
        Arrays.stream(fit.weights(independent)).boxed().toList(),
        Arrays.stream(errors).map(error -> Math.min(1e6, error)).boxed().toList());
  }

  /** Returns the largest errors of the simple components that count in full [C − 1]. */
  private double[] bounds(List<Point> sample) {
    double[] bounds = new double[components.components() - 1];
    for (int i = 0; i < bounds.length; i++) {
      int component = i;
      double[] sorted = sample.stream().mapToDouble(point -> point.error(component)).toArray();
      Arrays.sort(sorted);
      bounds[i] = MAX_ERROR_RATIO * Math.max(1, sorted[sorted.length / 2]);
    }
    return bounds;
  }

  /**
   * Returns the scale of the net's quantiles that the stream learns: the mean absolute error of its
   * median, in mean absolute errors of a normal distribution between its outer quantiles, at most
   * 1. With few independent points its logarithm is close to 0: the error of a few points is often
   * small by chance.
   */
  private double netScale(List<Point> sample, double independent) {
    double[] levels = scoredLevels();
    int last = levels.length - 1;
    double width =
        DEVIATIONS
            * (StandardQuantile.gaussian(levels[last]) - StandardQuantile.gaussian(levels[0]));
    double[] sorted =
        sample.stream().mapToDouble(point -> point.netError(median)).sorted().toArray();
    double bound = MAX_ERROR_RATIO * Math.max(1, sorted[sorted.length / 2]);
    double error = Arrays.stream(sorted).map(absolute -> Math.min(bound, absolute)).sum();
    double spread = sample.stream().mapToDouble(point -> point.net[last] - point.net[0]).sum();
    if (!(spread > 0)) {
      return 1;
    }
    double share = independent / (SCALE_PRIOR + independent);
    return Math.min(1, StrictMath.pow(error * width / spread, share));
  }

  private static void add(Point point, double[][] quantiles, double bound, WeightFit fit) {
    double weight = Math.min(1, bound / point.largestError());
    for (double[] ofComponent : quantiles) {
      for (int k = 0; k < ofComponent.length; k++) {
        ofComponent[k] *= weight;
      }
    }
    fit.add(quantiles, weight * point.actual);
  }

  private double[] scoredLevels() {
    return scored.isEmpty()
        ? new double[] {0.5}
        : scored.stream().mapToDouble(levels::get).toArray();
  }

  private double[][] quantiles(Point point, double[] errors, double netScale) {
    double[] scoredLevels = scoredLevels();
    double[][] quantiles = new double[components.components()][];
    double center = point.net[median];
    quantiles[0] =
        Arrays.stream(point.net).map(net -> Math.fma(netScale, net - center, center)).toArray();
    for (int i = 0; i < errors.length; i++) {
      quantiles[i + 1] = new double[scoredLevels.length];
      for (int k = 0; k < scoredLevels.length; k++) {
        double deviation = DEVIATIONS * StandardQuantile.gaussian(scoredLevels[k]);
        quantiles[i + 1][k] = point.simple[i] + errors[i] * deviation;
      }
    }
    return quantiles;
  }
}
