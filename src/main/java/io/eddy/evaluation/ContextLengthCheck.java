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
 * How well a model's context W is chosen for data: what is rebuilt from the last W steps, as it is
 * when weights change, beside the same rebuilt from the last 2W. Where the two differ, the net
 * remembers what lies more than W steps back, and a series whose weights change forgets it.
 *
 * <p>Compared are states, |s − s'| / max(|s|, |s'|) over all numbers of a layer, and the forecasts
 * from them, level and scale and all: the mean absolute difference of their values, over the
 * standard deviation of the last 2W values. Of classes it is that of the probabilities.
 *
 * @param context W
 * @param places at which it was looked
 * @param series in which these lie
 * @param members of each the differences of its layers' states, from the bottom
 * @param forecasts the differences of the forecasts
 */
public record ContextLengthCheck(
    int context, int places, int series, List<List<Spread>> members, Spread forecasts) {
  /**
   * Largest differences of a context that is long enough, of states and forecasts alike. Level and
   * scale, which know as little of what lies before, move forecasts by half as much already.
   */
  public static final Spread ALLOWED = new Spread(0.1, 0.5);

  private static final int MOST_PLACES = 256;
  private static final long MOST_STEPS = 2_000_000;

  /** So that places spread over the time of every series, whatever their number. */
  private static final double GOLDEN = 0.6180339887498949;

  public ContextLengthCheck {
    members = members.stream().map(List::copyOf).toList();
  }

  /**
   * Differences over the places.
   *
   * @param median of them
   * @param high 99 of 100 are at most that
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
   * Looks at places spread evenly over series and time.
   *
   * @param series of the model's sampling, with what it takes
   * @return empty where no series has a run of 2W steps that ever changes
   * @throws IllegalArgumentException where a value is none that the model takes, or a forecast is
   *     not finite
   */
  public static Optional<ContextLengthCheck> of(Model model, List<SteppedSeries> series) {
    List<Places> eligible =
        series.stream()
            .sorted(Comparator.comparing(SteppedSeries::name))
            .map(one -> Places.of(one, model.specification()))
            .filter(places -> places.size() > 0)
            .toList();
    if (eligible.isEmpty()) {
      return Optional.empty();
    }
    long steps = 3L * model.specification().contextLength() * model.members().size();
    int wanted = (int) Math.max(MOST_PLACES / 8, Math.min(MOST_PLACES, MOST_STEPS / steps));
    int count = (int) Math.min(wanted, eligible.stream().mapToLong(Places::size).sum());
    Tally tally = new Tally(model);
    for (int i = 0; i < count; i++) {
      int at = count < eligible.size() ? (int) ((long) i * eligible.size() / count) : i;
      tally.add(eligible.get(at % eligible.size()), (i + 0.5) * GOLDEN % 1);
    }
    return Optional.of(tally.result());
  }

  /** Whether more than is allowed depends on what lies before the context. */
  public boolean isShort() {
    return forecasts.exceeds(ALLOWED)
        || members.stream().flatMap(List::stream).anyMatch(layer -> layer.exceeds(ALLOWED));
  }

  /** The steps of a series that 2W steps of one run lie behind. */
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

    /** The one behind that share of them. */
    int at(double share) {
      return steps[(int) (share * steps.length)];
    }
  }

  /** What is found place by place. */
  private static final class Tally {
    private final Model model;
    private final StepFunction function = new StepFunction();
    private final List<List<List<Double>>> states = new ArrayList<>();
    private final List<Double> forecasts = new ArrayList<>();
    private final Set<String> series = new HashSet<>();

    Tally(Model model) {
      this.model = model;
    }

    void add(Places places, double share) {
      int t = places.at(share);
      int context = model.specification().contextLength();
      Rebuilt near = rebuilt(places.series, t - context + 1, t);
      Rebuilt far = rebuilt(places.series, t - 2 * context + 1, t);
      series.add(places.series.name());
      compareStates(near.state(), far.state());
      double unit =
          near.forecast().classes() > 0 ? 1 : deviation(places.series, t - 2 * context + 1, t);
      forecasts.add(meanDifference(near.forecast().values(), far.forecast().values()) / unit);
    }

    private record Rebuilt(SeriesState state, Forecast forecast) {}

    /** A cold start on those steps, which is what a rebuild gives, to the bit. */
    private Rebuilt rebuilt(SteppedSeries one, int from, int to) {
      Sampling sampling = model.specification().sampling();
      ModelSpecification.Output output = model.specification().output();
      SeriesState state = SeriesState.inMemory(model);
      Forecast forecast = null;
      for (int t = from; t <= to; t++) {
        double value = one.values()[t];
        if (Double.isNaN(value)) {
          continue;
        }
        if (!output.accepts(value)) {
          throw new IllegalArgumentException(
              "series %s: expected a class, a whole number from 0 to %d, got %s"
                  .formatted(one.name(), output.classes() - 1, value));
        }
        Observation observation =
            new Observation(
                one.name(),
                sampling.startMs(one.firstStep() + t),
                value,
                one.covariates().row(t),
                t == to ? one.futureCovariates(t) : FutureCovariates.NONE);
        StepResult result = function.close(state, observation, model);
        forecast = result.forecasts().get(0).forecast();
      }
      if (forecast == null || !forecast.isFinite()) {
        throw new IllegalArgumentException(
            "series %s: a forecast is not finite".formatted(one.name()));
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

  /** |a − b| / max(|a|, |b|); 0 where both are. */
  private static double difference(float[] a, float[] b) {
    double difference = 0;
    double sizeOfA = 0;
    double sizeOfB = 0;
    for (int i = 0; i < a.length; i++) {
      double apart = (double) a[i] - b[i];
      difference += apart * apart;
      sizeOfA += (double) a[i] * a[i];
      sizeOfB += (double) b[i] * b[i];
    }
    return difference == 0 ? 0 : Math.sqrt(difference / Math.max(sizeOfA, sizeOfB));
  }

  private static double meanDifference(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((double) a[i] - b[i]);
    }
    return sum / a.length;
  }

  /** Standard deviation of what was measured. */
  private static double deviation(SteppedSeries series, int from, int to) {
    double mean = 0;
    double squares = 0;
    int count = 0;
    for (int t = from; t <= to; t++) {
      double value = series.values()[t];
      if (!Double.isNaN(value)) {
        count++;
        double from0 = value - mean;
        mean += from0 / count;
        squares += from0 * (value - mean);
      }
    }
    return Math.sqrt(squares / count);
  }
}
