package io.eddy.evaluation.combination;

import io.eddy.forecast.Forecast;
import io.eddy.model.CombinationSpec;
import io.eddy.model.ModelSpecification;
import io.eddy.model.StandardQuantile;
import io.eddy.model.Transform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Estimates prior weights and errors of the components from forecasts of the validation part. */
final class PriorFit {
  /** Points of a group that are kept; of more, every second one is dropped. */
  private static final int MAX_POINTS = 4000;

  /** Standard deviations in a mean absolute error of a normal distribution: √(π/2). */
  private static final double DEVIATIONS = 1.2533141373155003;

  private final CombinationSpec components;
  private final List<Double> levels;
  private final List<Integer> scored;
  private final List<Integer> lastSteps;
  private final List<List<Point>> points = new ArrayList<>();
  private final double[] independent;

  /**
   * A value with its forecasts, all transformed and in units of the series.
   *
   * @param net quantiles that are scored [L]
   * @param simple points of the simple components [C − 1]
   */
  private record Point(double[] net, double[] simple, double actual) {}

  PriorFit(ModelSpecification.Output output, CombinationSpec components) {
    this.components = components;
    levels = output.quantileLevels();
    scored =
        levels.isEmpty()
            ? List.of()
            : IntStream.of(0, levels.indexOf(0.5), levels.size() - 1).distinct().boxed().toList();
    lastSteps = StepGroups.lastSteps(output.horizon());
    lastSteps.forEach(last -> points.add(new ArrayList<>()));
    independent = new double[lastSteps.size()];
  }

  /** Returns the simple forecasts of a series. */
  SeriesForecasts forecasts(SeriesValues values) {
    return new SeriesForecasts(values);
  }

  /** Adds the forecasts of one series. */
  final class SeriesForecasts {
    private final SeriesValues values;
    private final List<SimplePath> paths = new ArrayList<>();

    private SeriesForecasts(SeriesValues values) {
      this.values = values;
      double[] x = values.values();
      paths.add(SimplePath.last(x));
      paths.add(SimplePath.level(x, components.levelSmoothing()));
      paths.add(SimplePath.trend(x, components.trend()));
      for (CombinationSpec.Season season : components.seasons()) {
        paths.add(SimplePath.seasonal(x, season.steps(), season.drift()));
        paths.add(SimplePath.seasonalMean(x, season));
      }
    }

    /** Adds a point for each group of steps ahead, from step {@code t} of the series. */
    void add(int t, Forecast forecast, Transform transform) {
      int first = 1;
      for (int group = 0; group < points.size(); group++) {
        int ahead = StepGroups.step(first, lastSteps.get(group), t);
        first = lastSteps.get(group) + 1;
        if (t + ahead < values.size() && values.isMeasured()[t + ahead]) {
          independent[group] += 1.0 / ahead;
          points.get(group).add(point(t, ahead, forecast, transform));
          thin(points.get(group));
        }
      }
    }

    private Point point(int t, int ahead, Forecast forecast, Transform transform) {
      double unit = values.units()[t];
      double origin = values.values()[t];
      double[] net =
          scored.isEmpty()
              ? new double[] {(transform.apply(forecast.median(ahead)) - origin) / unit}
              : scored.stream()
                  .mapToDouble(k -> (transform.apply(forecast.value(ahead, k)) - origin) / unit)
                  .toArray();
      double[] simple =
          paths.stream().mapToDouble(path -> (path.at(t, ahead) - origin) / unit).toArray();
      return new Point(net, simple, (values.values()[t + ahead] - origin) / unit);
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
    double[] errors = new double[components.components() - 1];
    for (Point point : sample) {
      for (int i = 0; i < errors.length; i++) {
        errors[i] += Math.abs(point.actual() - point.simple()[i]) / sample.size();
      }
    }
    WeightFit fit = new WeightFit(scoredLevels(), components.components());
    sample.forEach(point -> fit.add(quantiles(point, errors), point.actual(), 1));
    return new CombinationSpec.Group(
        lastStep,
        Arrays.stream(fit.weights(independent)).boxed().toList(),
        Arrays.stream(errors).map(error -> Math.min(1e6, error)).boxed().toList());
  }

  private double[] scoredLevels() {
    return scored.isEmpty()
        ? new double[] {0.5}
        : scored.stream().mapToDouble(levels::get).toArray();
  }

  private double[][] quantiles(Point point, double[] errors) {
    double[] scoredLevels = scoredLevels();
    double[][] quantiles = new double[components.components()][];
    quantiles[0] = point.net();
    for (int i = 0; i < errors.length; i++) {
      quantiles[i + 1] = new double[scoredLevels.length];
      for (int k = 0; k < scoredLevels.length; k++) {
        double deviation = DEVIATIONS * StandardQuantile.gaussian(scoredLevels[k]);
        quantiles[i + 1][k] = point.simple()[i] + errors[i] * deviation;
      }
    }
    return quantiles;
  }
}
