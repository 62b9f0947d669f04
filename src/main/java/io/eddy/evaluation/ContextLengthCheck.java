package io.eddy.evaluation;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.HiddenState;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks whether a model's context length W suits the data. Compares a state rebuilt from the last
 * W steps, as a state migration does it, with a state rebuilt from the last 2W steps. If the two
 * differ, the network depends on steps before the last W, which a series loses when it migrates.
 *
 * <p>The difference of the states of a layer is |s − s'| / max(|s|, |s'|) over all its numbers. The
 * difference of the forecasts, including level and scale, is the mean absolute difference of their
 * values divided by the standard deviation of the last 2W values; for classes, the mean absolute
 * difference of the probabilities.
 *
 * @param context W
 * @param places number of places checked
 * @param series number of series with a checked place
 * @param members differences of the states by member and layer, from the bottom
 * @param forecasts differences of the forecasts
 */
public record ContextLengthCheck(
    int context, int places, int series, List<List<Spread>> members, Spread forecasts) {
  /**
   * Maximum differences of a context that is long enough, for states and for forecasts. Level and
   * scale, which also depend on earlier steps, alone change forecasts by half as much.
   */
  public static final Spread ALLOWED = new Spread(0.1, 0.5);

  private static final int MAX_PLACES = 256;
  private static final long MAX_STEPS = 2_000_000;

  /** Golden ratio; its multiples modulo 1 spread the places evenly, whatever their number. */
  private static final double GOLDEN_RATIO = 0.6180339887498949;

  public ContextLengthCheck {
    members = members.stream().map(List::copyOf).toList();
  }

  /**
   * Differences over the places.
   *
   * @param median the 50th percentile
   * @param high the 99th percentile
   */
  public record Spread(double median, double high) {
    boolean exceeds(Spread allowed) {
      return median > allowed.median || high > allowed.high;
    }

    static Spread of(List<Double> differences) {
      List<Double> sorted = differences.stream().sorted().toList();
      int last = sorted.size() - 1;
      return new Spread(sorted.get(last / 2), sorted.get((int) Math.ceil(0.99 * last)));
    }
  }

  /**
   * Checks places that are spread evenly over series and time.
   *
   * @param series sampled as the model requires, with its covariates
   * @return empty if no series has 2W consecutive steps whose value changes
   * @throws IllegalArgumentException if a value is not a class of the model, or a forecast is not
   *     finite
   */
  public static Optional<ContextLengthCheck> of(Model model, List<SteppedSeries> series) {
    List<Places> eligible =
        series.stream()
            .sorted(Comparator.comparing(SteppedSeries::name))
            .map(s -> Places.of(s, model.specification()))
            .filter(places -> places.size() > 0)
            .toList();
    if (eligible.isEmpty()) {
      return Optional.empty();
    }
    long steps = 3L * model.specification().contextLength() * model.members().size();
    int wanted = (int) Math.max(MAX_PLACES / 8, Math.min(MAX_PLACES, MAX_STEPS / steps));
    int count = (int) Math.min(wanted, eligible.stream().mapToLong(Places::size).sum());
    Collector collector = new Collector(model);
    for (int i = 0; i < count; i++) {
      int at = count < eligible.size() ? (int) ((long) i * eligible.size() / count) : i;
      collector.add(eligible.get(at % eligible.size()), (i + 0.5) * GOLDEN_RATIO % 1);
    }
    return Optional.of(collector.result());
  }

  /** Returns whether a difference exceeds {@link #ALLOWED}. */
  public boolean isShort() {
    return forecasts.exceeds(ALLOWED)
        || members.stream().flatMap(List::stream).anyMatch(layer -> layer.exceeds(ALLOWED));
  }

  /** The steps of a series that complete at least 2W steps without a restart. */
  private static final class Places {
    private final SteppedSeries series;
    private final int[] steps;

    private Places(SteppedSeries series, int[] steps) {
      this.series = series;
      this.steps = steps;
    }

    static Places of(SteppedSeries series, ModelSpecification specification) {
      double[] x = series.values();
      int span = 2 * specification.contextLength();
      int[] found = new int[x.length];
      int count = 0;
      int begin = 0;
      int last = -1;
      int changed = -1;
      for (int t = 0; t < x.length; t++) {
        if (Double.isNaN(x[t])) {
          continue;
        }
        if (last < 0 || t - last - 1 > specification.sampling().maxGapSteps()) {
          begin = t;
        }
        changed = last >= 0 && x[t] != x[last] ? t : changed;
        last = t;
        if (t - span + 1 >= begin && changed > t - span + 1) {
          found[count++] = t;
        }
      }
      return new Places(series, Arrays.copyOf(found, count));
    }

    int size() {
      return steps.length;
    }

    /** Returns the step after a share of the places. */
    int at(double share) {
      return steps[(int) (share * steps.length)];
    }
  }

  /** Collects the differences of all places. */
  private static final class Collector {
    private final Model model;
    private final StepFunction function = new StepFunction();
    private final List<List<List<Double>>> states = new ArrayList<>();
    private final List<Double> forecasts = new ArrayList<>();
    private final Set<String> series = new HashSet<>();

    Collector(Model model) {
      this.model = model;
    }

    void add(Places places, double share) {
      int t = places.at(share);
      int context = model.specification().contextLength();
      Rebuilt near = rebuild(places.series, t - context + 1, t);
      Rebuilt far = rebuild(places.series, t - 2 * context + 1, t);
      series.add(places.series.name());
      compareStates(near.state(), far.state());
      double unit =
          near.forecast().classes() > 0 ? 1 : deviation(places.series, t - 2 * context + 1, t);
      forecasts.add(meanDifference(near.forecast().values(), far.forecast().values()) / unit);
    }

    private record Rebuilt(SeriesState state, Forecast forecast) {}

    /** Returns the result of a cold start on some steps, which equals a migration bit by bit. */
    private Rebuilt rebuild(SteppedSeries series, int from, int to) {
      Sampling sampling = model.specification().sampling();
      SeriesState state = SeriesState.inMemory(model);
      Forecast forecast = null;
      for (int t = from; t <= to; t++) {
        double value = series.values()[t];
        if (Double.isNaN(value)) {
          continue;
        }
        if (!model.accepts(value)) {
          throw new IllegalArgumentException(
              "series %s: expected %s, got %s"
                  .formatted(series.name(), model.acceptedValues(), value));
        }
        Observation observation =
            new Observation(
                series.name(),
                sampling.startMs(series.firstStep() + t),
                value,
                series.covariates().row(t),
                t == to ? series.futureCovariates(t) : FutureCovariates.NONE);
        StepResult result = function.close(state, observation, model);
        forecast = result.forecasts().get(0).forecast();
      }
      if (forecast == null || !forecast.isFinite()) {
        throw new IllegalArgumentException(
            "series %s: forecast is not finite".formatted(series.name()));
      }
      return new Rebuilt(state, forecast);
    }

    private void compareStates(SeriesState near, SeriesState far) {
      for (int i = 0; i < near.members().size(); i++) {
        HiddenState hidden = near.members().get(i).hidden();
        HiddenState other = far.members().get(i).hidden();
        if (states.size() == i) {
          states.add(new ArrayList<>());
        }
        for (int layer = 0; layer < hidden.layers(); layer++) {
          if (states.get(i).size() == layer) {
            states.get(i).add(new ArrayList<>());
          }
          states.get(i).get(layer).add(difference(hidden.layer(layer), other.layer(layer)));
        }
      }
    }

    ContextLengthCheck result() {
      return new ContextLengthCheck(
          model.specification().contextLength(),
          forecasts.size(),
          series.size(),
          states.stream().map(member -> member.stream().map(Spread::of).toList()).toList(),
          Spread.of(forecasts));
    }
  }

  /** Returns |a − b| / max(|a|, |b|), or 0 if both are 0. */
  private static double difference(float[] a, float[] b) {
    double squaredDifference = 0;
    double squaredNormA = 0;
    double squaredNormB = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      squaredDifference += difference * difference;
      squaredNormA += (double) a[i] * a[i];
      squaredNormB += (double) b[i] * b[i];
    }
    return squaredDifference == 0
        ? 0
        : Math.sqrt(squaredDifference / Math.max(squaredNormA, squaredNormB));
  }

  private static double meanDifference(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum / a.length;
  }

  /** Returns the standard deviation of the measured values (Welford's algorithm). */
  private static double deviation(SteppedSeries series, int from, int to) {
    double mean = 0;
    double squares = 0;
    int count = 0;
    for (int t = from; t <= to; t++) {
      double value = series.values()[t];
      if (!Double.isNaN(value)) {
        count++;
        double distance = value - mean;
        mean += distance / count;
        squares += distance * (value - mean);
      }
    }
    return Math.sqrt(squares / count);
  }
}
