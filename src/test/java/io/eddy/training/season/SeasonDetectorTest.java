package io.eddy.training.season;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eddy.series.Interval;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SeasonDetectorTest {
  private static final int HOURS = 1008;
  private static final double[] WEEK = {0, 5, 8, 6, 10, -20, -30};
  private static final double[] QUARTERS = {0, 10, 30, -20};

  /** A generated data set and the seasons that it has. */
  private record Case(String name, String interval, List<double[]> series, List<Integer> seasons) {
    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest
  @MethodSource({"single", "several", "none", "disturbed", "sparse", "shortSeries", "groups"})
  void findsSeasons(Case data) {
    List<Season> seasons = detect(data.series(), data.interval(), false);

    assertThat(seasons).extracting(Season::steps).isEqualTo(data.seasons());
    assertThat(seasons).allMatch(season -> season.share() > 0 && season.share() <= 1);
  }

  static Stream<Case> single() {
    Random r = new Random(1);
    return Stream.of(
        one("day of sine", "PT1H", HOURS, t -> 10 + 5 * sine(t, 24), 24),
        one("day of saw", "PT1H", HOURS, t -> t % 24, 24),
        one("day with two peaks", "PT1H", HOURS, t -> 9 + sine(t, 24) + 4 * sine(t, 12), 24),
        one("day of squares", "PT1H", HOURS, t -> (t % 24 < 12 ? 100 : 0) + noise(r, 3), 24),
        one("day in heavy noise", "PT1H", HOURS, t -> 3 * sine(t, 24) + noise(r, 5), 24),
        one("week of days", "P1D", 511, t -> 100 + WEEK[t % 7] + noise(r, 1), 7),
        one("year of days", "P1D", 1277, t -> 12 * sine(t, 365.25) + noise(r, 1.5), 365),
        one("business week", "business-day", 500, t -> 9 + WEEK[t % 5] + noise(r, 1), 5),
        one("year of weeks", "P7D", 182, t -> 40 * sine(7 * t, 365.25) + noise(r, 1), 52),
        one("year of months", "P1M", 100, t -> 9 * sine(t, 12) + noise(r, 2), 12),
        one("year of quarters", "P3M", 56, t -> 100 + QUARTERS[t % 4], 4),
        one("ten hours", "PT1H", HOURS, t -> 10 + 5 * sine(t, 10), 10),
        one("ten hours in noise", "PT1H", HOURS, t -> 4 * sine(t, 10) + noise(r, 4), 10),
        one("shift of 36 hours", "PT1H", HOURS, t -> t % 36 < 9 ? noise(r, 1) : 5, 36),
        one("eleven days", "P1D", 500, t -> t % 11 < 3 ? 4 : noise(r, 1), 11),
        one("long other season", "PT1M", 4000, t -> 2 * sine(t, 217) + noise(r, 1), 217),
        one("minute of seconds", "PT1S", 5000, t -> 20 + 8 * sine(t, 60), 60),
        one("hour of minutes", "PT1M", 3000, t -> t % 60 < 5 ? 9 + noise(r, 1) : 1, 60),
        one("day of quarter hours", "PT15M", 2000, t -> 20 + 8 * sine(t, 96) + noise(r, .3), 96));
  }

  static Stream<Case> several() {
    Random r = new Random(2);
    return Stream.of(
        one(
            "day and week",
            "PT1H",
            1500,
            t -> 30 * sine(t, 24) + weekend(t) + noise(r, 2),
            24,
            168),
        one(
            "weak week",
            "PT1H",
            3000,
            t -> 30 * sine(t, 24) + weekend(t) / 4 + noise(r, 2),
            24,
            168),
        one("only the week", "PT1H", 1500, t -> weekend(t) + noise(r, 5), 168),
        one(
            "week and year",
            "P1D",
            1400,
            t -> WEEK[t % 7] + 20 * sine(t, 365) + noise(r, 3),
            7,
            365),
        one("day and ten hours", "PT1H", 2000, t -> 5 * sine(t, 24) + 4 * sine(t, 10), 10, 24));
  }

  static Stream<Case> none() {
    List<Case> cases = new ArrayList<>();
    for (int seed = 1; seed <= 8; seed++) {
      Random r = new Random(seed);
      cases.add(one("noise " + seed, "PT1H", 300 * seed, t -> 50 + noise(r, 5)));
      cases.add(one("short noise " + seed, "P1D", 20 + 5 * seed, t -> 50 + noise(r, 5)));
      cases.add(new Case("walk " + seed, "PT1H", List.of(walk(r, 300 * seed)), List.of()));
      cases.add(new Case("short walk " + seed, "P1M", List.of(walk(r, 90)), List.of()));
      cases.add(one("rare counts " + seed, "P1D", 511, t -> r.nextDouble() < .1 ? 1 : 0));
    }
    Random r = new Random(3);
    cases.add(one("line", "PT1H", HOURS, t -> 100 + .5 * t));
    cases.add(one("constant", "PT1H", HOURS, t -> 42));
    cases.add(one("nothing known", "PT1H", HOURS, t -> Double.NaN));
    cases.add(one("one value", "PT1H", 1, t -> 42));
    cases.add(one("years", "P1Y", 42, t -> 100 + 3 * t + noise(r, 2)));
    cases.add(one("shift in noise", "PT1H", HOURS, t -> (t < 600 ? 10 : 50) + noise(r, 1)));
    cases.add(one("one outlier", "PT1H", HOURS, t -> t == 500 ? 1e6 : noise(r, 1)));
    cases.add(one("parabola", "PT1H", HOURS, t -> 1e-3 * t * t + noise(r, 1)));
    return cases.stream();
  }

  static Stream<Case> disturbed() {
    Random r = new Random(4);
    double[] walk = walk(r, HOURS);
    return Stream.of(
        one("with trend", "PT1H", HOURS, t -> 100 + .3 * t + 50 * sine(t, 24), 24),
        one("growing", "PT1H", HOURS, t -> (100 + .3 * t) * (1 + .5 * sine(t, 24)), 24),
        one("growing fast", "P1M", 100, t -> Math.exp(.02 * t) * (3 + sine(t, 12)), 12),
        one("on a walk", "PT1H", HOURS, t -> walk[t] + 4 * sine(t, 24), 24),
        one("with shifts", "PT1H", HOURS, t -> 90 * (t / 300) + 5 * sine(t, 24) + noise(r, 1), 24),
        one("with outliers", "PT1H", HOURS, t -> r.nextInt(150) == 0 ? 500 : 5 * sine(t, 24), 24),
        one("with one huge value", "PT1H", HOURS, t -> t == 500 ? 1e9 : 5 * sine(t, 24), 24),
        one("with gaps", "PT1H", HOURS, t -> r.nextInt(4) == 0 ? Double.NaN : 5 * sine(t, 24), 24),
        one("with a long gap", "PT1H", HOURS, t -> t / 100 == 4 ? Double.NaN : t % 24, 24),
        one("at a large level", "PT1H", HOURS, t -> 1.7e9 + 5 * sine(t, 24), 24),
        one("tiny", "PT1H", HOURS, t -> 1e-9 * sine(t, 24), 24));
  }

  static Stream<Case> sparse() {
    Random r = new Random(15);
    return Stream.of(
        one("pulse", "PT1H", HOURS, t -> t % 24 == 8 ? 100 : 0, 24),
        one("pulse at times", "PT1H", 2 * HOURS, t -> t % 24 == 8 && r.nextInt(3) > 0 ? 9 : 0, 24),
        one("weekly pulse", "PT1H", HOURS, t -> t % 168 == 8 ? 100 : 0, 168),
        one("hourly counts", "PT1H", HOURS, t -> poisson(r, 3 + 2.5 * sine(t, 24)), 24),
        one("weekly counts", "P1D", 511, t -> poisson(r, t % 7 < 2 ? .2 : 1.5), 7));
  }

  static Stream<Case> shortSeries() {
    Random r = new Random(6);
    return Stream.of(
        one("two weeks and a half", "P1D", 18, t -> WEEK[t % 7] + noise(r, 1), 7),
        one("three days", "PT1H", 72, t -> 5 * sine(t, 24) + noise(r, .5), 24),
        one("three years", "P1M", 36, t -> 9 * sine(t, 12) + noise(r, 1), 12),
        one("one day and a half", "PT1H", 36, t -> 5 * sine(t, 24)),
        one("five cycles of ten", "PT1H", 50, t -> 5 * sine(t, 10), 10));
  }

  static Stream<Case> groups() {
    Random r = new Random(7);
    return Stream.of(
        many(
            "phases",
            "P1M",
            20,
            168,
            (i, t) -> 9 * i + (9 + i) * sine(t + i, 12) + noise(r, 1),
            12),
        many(
            "half of noise",
            "PT1H",
            10,
            HOURS,
            (i, t) -> i % 2 * 4 * sine(t, 24) + noise(r, 1),
            24),
        many("two kinds", "PT1H", 8, HOURS, (i, t) -> sine(t, i < 4 ? 24 : 10), 10, 24),
        many("noise", "PT1H", 30, 400, (i, t) -> i + noise(r, i + 1)),
        many("short", "PT1H", 30, 60, (i, t) -> 3 * sine(t + i, 24) + noise(r, 2), 24));
  }

  @Test
  void readsTrainingPartOnly() {
    double[] x = values(2 * HOURS, t -> t < HOURS ? 42 : 5 * sine(t, 24));

    assertThat(
            SeasonDetector.detect(
                List.of(new SteppedSeries("a", 100, x)),
                Interval.parse("PT1H"),
                false,
                100 + HOURS))
        .isEmpty();
  }

  @Test
  void sharesAddUpToExplainedVariance() {
    Random r = new Random(8);
    double[] x = values(4 * HOURS, t -> 4 * sine(t, 24) + 2 * sine(t, 168) + noise(r, 1));

    List<Season> seasons = detect(List.of(x), "PT1H", false);

    assertThat(seasons.get(0).share()).isCloseTo(8 / 11.0, within(.03));
    assertThat(seasons.get(1).share()).isCloseTo(2 / 11.0, within(.03));
  }

  @Test
  void classesAreNotAmounts() {
    Random r = new Random(9);
    double[] x = values(HOURS, t -> t % 24 < 8 ? 2 : r.nextInt(2) * 3);

    assertThat(detect(List.of(x), "PT1H", true)).extracting(Season::steps).containsExactly(24);
    assertThat(detect(List.of(values(HOURS, t -> r.nextInt(4))), "PT1H", true)).isEmpty();
  }

  private static List<Season> detect(List<double[]> series, String interval, boolean areClasses) {
    List<SteppedSeries> stepped =
        IntStream.range(0, series.size())
            .mapToObj(i -> new SteppedSeries("s" + i, 7, series.get(i)))
            .toList();
    return SeasonDetector.detect(stepped, Interval.parse(interval), areClasses, Long.MAX_VALUE);
  }

  private static Case one(
      String name, String interval, int steps, IntToDoubleFunction value, Integer... seasons) {
    return new Case(name, interval, List.of(values(steps, value)), List.of(seasons));
  }

  /** The value of a step of one of several series. */
  private interface Values {
    double at(int series, int step);
  }

  private static Case many(
      String name, String interval, int count, int steps, Values value, Integer... seasons) {
    List<double[]> series =
        IntStream.range(0, count).mapToObj(i -> values(steps, t -> value.at(i, t))).toList();
    return new Case("series of " + name, interval, series, List.of(seasons));
  }

  private static double[] values(int steps, IntToDoubleFunction value) {
    return IntStream.range(0, steps).mapToDouble(value).toArray();
  }

  private static double sine(int t, double period) {
    return Math.sin(2 * Math.PI * t / period);
  }

  private static double weekend(int t) {
    return t / 24 % 7 > 4 ? -25 : 0;
  }

  private static double noise(Random random, double deviation) {
    return deviation * random.nextGaussian();
  }

  private static double[] walk(Random random, int steps) {
    double[] walk = values(steps, t -> random.nextGaussian());
    Arrays.parallelPrefix(walk, Double::sum);
    return walk;
  }

  private static int poisson(Random random, double mean) {
    int count = 0;
    double product = random.nextDouble();
    while (product > Math.exp(-mean)) {
      count++;
      product *= random.nextDouble();
    }
    return count;
  }
}
