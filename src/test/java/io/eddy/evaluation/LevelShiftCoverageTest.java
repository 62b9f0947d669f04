package io.eddy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.dataset.SeriesData;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.model.Model;
import io.eddy.series.Observation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Intervals of seasonal series in noise of deviation 1 after a level shift, after its end, and
 * after a bad reading, by a model of the automatic choice that has seen no shift. Coverage of the
 * 80 % interval is the mean over {@value #SERIES} series.
 */
@Tag("slow")
class LevelShiftCoverageTest {
  private static final int DAY = 24;
  private static final int HORIZON = 12;
  private static final int LEARNED = 25 * DAY;
  private static final int EVENT = 25 * DAY + 7;
  private static final int RETURN = EVENT + DAY + 6;
  private static final int STEPS = RETURN + 3 * DAY;
  private static final int SERIES = 8;
  private static final Instant BEGIN = Instant.parse("2026-01-05T00:00:00Z");

  private static Model model;

  /** Mean coverage and mean width of the 80 % interval over all steps ahead. */
  private record Interval(double coverage, double width) {}

  /**
   * A disturbance that begins at {@link #EVENT}.
   *
   * @param shift of the level
   * @param end of the shift
   * @param outlier that is added to the first value
   */
  private record Disturbance(double shift, int end, double outlier) {
    static final Disturbance NONE = new Disturbance(0, EVENT, 0);
  }

  @BeforeAll
  static void train() {
    List<SeriesData> data =
        IntStream.range(0, 6)
            .mapToObj(i -> data("s" + i, values(100 + i, LEARNED, 1 + 2 * i, Disturbance.NONE)))
            .toList();
    model = ShortTraining.model(HORIZON, data);
  }

  private static Stream<Arguments> shifts() {
    return DoubleStream.of(4, 8, 15, 40, 400)
        .boxed()
        .flatMap(shift -> Stream.of(shift, -shift))
        .flatMap(
            shift -> Stream.of(1, 4, 10).map(amplitude -> Arguments.of(shift, (double) amplitude)));
  }

  @ParameterizedTest
  @MethodSource("shifts")
  void intervalsCoverAgainWithinADayOfAShift(double shift, double amplitude) {
    Disturbance lasting = new Disturbance(shift, STEPS, 0);

    assertThat(interval(amplitude, lasting, EVENT + 6, EVENT + DAY).coverage()).isGreaterThan(0.7);
    assertThat(interval(amplitude, lasting, EVENT + DAY, EVENT + 2 * DAY).coverage())
        .isGreaterThan(0.75);
  }

  @ParameterizedTest
  @MethodSource("shifts")
  void intervalsCoverAgainWithinADayOfAReturn(double shift, double amplitude) {
    Disturbance passing = new Disturbance(shift, RETURN, 0);

    assertThat(interval(amplitude, passing, RETURN + 6, RETURN + DAY).coverage())
        .isGreaterThan(0.7);
    assertThat(interval(amplitude, passing, RETURN + DAY, RETURN + 2 * DAY).coverage())
        .isGreaterThan(0.75);
  }

  @ParameterizedTest
  @ValueSource(doubles = {30, 1000, -1e6})
  void intervalsNarrowAgainAfterABadReading(double outlier) {
    Disturbance reading = new Disturbance(0, EVENT, outlier);
    Interval before = interval(4, reading, EVENT - 5 * DAY, EVENT - HORIZON);
    Interval after = interval(4, reading, EVENT + DAY, EVENT + 2 * DAY);

    assertThat(before.coverage()).isBetween(0.7, 0.9);
    assertThat(after.coverage()).isGreaterThan(0.7);
    assertThat(after.width()).isLessThan(2 * before.width());
  }

  private static Interval interval(double amplitude, Disturbance disturbance, int from, int to) {
    double covered = 0;
    double width = 0;
    int count = 0;
    for (int seed = 0; seed < SERIES; seed++) {
      double[] values = values(seed, STEPS, amplitude, disturbance);
      List<Forecast> forecasts = forecasts(values, to);
      for (int t = from; t < to; t++) {
        for (int j = 1; j <= HORIZON; j++) {
          double low = forecasts.get(t).value(j, 0);
          double high = forecasts.get(t).value(j, 8);
          covered += low <= values[t + j] && values[t + j] <= high ? 1 : 0;
          width += high - low;
          count++;
        }
      }
    }
    return new Interval(covered / count, width / count);
  }

  private static List<Forecast> forecasts(double[] values, int end) {
    StepFunction steps = new StepFunction();
    SeriesState state = SeriesState.inMemory(model);
    List<Forecast> forecasts = new ArrayList<>();
    for (int t = 0; t < end; t++) {
      Observation next = new Observation("a", hour(t).toEpochMilli(), values[t]);
      forecasts.add(steps.close(state, next, model).forecasts().get(0).forecast());
    }
    return forecasts;
  }

  /** Returns a day of sine in noise of deviation 1. */
  private static double[] values(long seed, int steps, double amplitude, Disturbance disturbance) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[steps];
    for (int t = 0; t < steps; t++) {
      values[t] =
          50
              + amplitude * StrictMath.sin(2 * Math.PI * t / DAY)
              + random.nextGaussian()
              + (t >= EVENT && t < disturbance.end() ? disturbance.shift() : 0)
              + (t == EVENT ? disturbance.outlier() : 0);
    }
    return values;
  }

  private static SeriesData data(String name, double[] values) {
    long[] times =
        IntStream.range(0, values.length).mapToLong(t -> hour(t).toEpochMilli()).toArray();
    return new SeriesData(name, times, values);
  }

  private static Instant hour(int hours) {
    return BEGIN.plusSeconds(3600L * hours);
  }
}
