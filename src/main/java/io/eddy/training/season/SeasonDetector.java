package io.eddy.training.season;

import io.eddy.series.Interval;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Detects the seasons of a data set: none, one, or several such as a day and a week.
 *
 * <p>The {@linkplain NaturalSeasons natural seasons} of the interval are tested first, the shortest
 * first, each on what the accepted ones leave. Other lengths follow, proposed by the {@linkplain
 * Autocorrelation autocorrelation}; the one that explains most is tested, with a stricter limit,
 * because it is the best of many. The {@linkplain Evidence test} compares cycles with each other,
 * so that neither noise nor a random walk has a season.
 */
public final class SeasonDetector {
  private static final int MAX_SEASONS = 3;
  private static final int MAX_SERIES = 64;
  private static final int MAX_CLASSES = 8;

  /** A shorter candidate with at least this ratio to the highest share is preferred. */
  private static final double EQUIVALENT_RATIO = 0.9;

  /** Share below which the lengths near a candidate are not tried. */
  private static final double MIN_SHARE_TO_CLIMB = 0.05;

  /** Noise displaces a candidate by at most its length divided by this number. */
  private static final int DISPLACEMENT_DIVISOR = 16;

  /** A season with less than this ratio to the share of a multiple of it is dropped. */
  private static final double MIN_RATIO_TO_MULTIPLE = 0.2;

  private final List<Remainder> series;
  private final List<Integer> found = new ArrayList<>();
  private List<Remainder> rest;

  private SeasonDetector(List<double[]> series) {
    this.series = series.stream().map(Remainder::of).toList();
    rest = this.series;
  }

  /**
   * Returns the seasons, the shortest first.
   *
   * @param areClasses whether values are classes and not amounts
   * @param end grid index before which data may be read
   */
  public static List<Season> detect(
      Collection<SteppedSeries> series, Interval interval, boolean areClasses, long end) {
    List<double[]> values = sample(series, end);
    SeasonDetector detector =
        new SeasonDetector(
            areClasses ? values.stream().flatMap(SeasonDetector::indicators).toList() : values);
    detector.findNatural(NaturalSeasons.of(interval));
    detector.removeRedundant();
    detector.findOthers();
    detector.removeRedundant();
    return detector.seasons();
  }

  /** Returns the values of at most {@value #MAX_SERIES} series, taken evenly. */
  private static List<double[]> sample(Collection<SteppedSeries> series, long end) {
    List<double[]> all =
        series.stream().map(s -> s.before(end).values()).filter(x -> x.length > 0).toList();
    int stride = Math.max(1, (all.size() + MAX_SERIES - 1) / MAX_SERIES);
    List<double[]> sample = new ArrayList<>();
    for (int i = 0; i < all.size(); i += stride) {
      sample.add(all.get(i));
    }
    return sample;
  }

  /** Returns a series of 0 and 1 for each class. */
  private static Stream<double[]> indicators(double[] classes) {
    return Arrays.stream(classes)
        .filter(value -> !Double.isNaN(value))
        .distinct()
        .sorted()
        .limit(MAX_CLASSES)
        .mapToObj(
            kind ->
                Arrays.stream(classes)
                    .map(value -> Double.isNaN(value) ? value : value == kind ? 1 : 0)
                    .toArray());
  }

  private void findNatural(List<Integer> candidates) {
    for (int candidate : candidates) {
      if (found.size() < MAX_SEASONS && evidence(candidate).isNatural()) {
        accept(candidate);
      }
    }
  }

  private Evidence evidence(int steps) {
    return Evidence.of(rest, steps);
  }

  private void findOthers() {
    while (found.size() < MAX_SEASONS) {
      List<Evidence> evidence =
          Autocorrelation.candidates(rest).stream()
              .map(this::climb)
              .filter(season -> !found.contains(season.steps()) && season.isOther())
              .toList();
      if (evidence.isEmpty()) {
        return;
      }
      double highest = evidence.stream().mapToDouble(Evidence::share).max().orElseThrow();
      accept(
          evidence.stream()
              .filter(season -> season.share() >= EQUIVALENT_RATIO * highest)
              .mapToInt(Evidence::steps)
              .min()
              .orElseThrow());
    }
  }

  /** Moves a candidate, which noise may have displaced, to the length nearby that explains most. */
  private Evidence climb(int steps) {
    Evidence best = evidence(steps);
    if (best.share() < MIN_SHARE_TO_CLIMB) {
      return best;
    }
    for (int direction = -1; direction <= 1; direction += 2) {
      int last = steps + direction * Math.max(1, steps / DISPLACEMENT_DIVISOR);
      Evidence next = evidence(best.steps() + direction);
      while (next.share() > best.share()) {
        best = next;
        next = best.steps() == last ? best : evidence(best.steps() + direction);
      }
    }
    return best;
  }

  private void accept(int steps) {
    found.add(steps);
    rest = Remainder.without(rest, steps);
  }

  /** Removes seasons that are only a part of another one, such as a day of a season of 36 hours. */
  private void removeRedundant() {
    for (int steps : List.copyOf(found)) {
      if (found.stream().anyMatch(other -> other != steps && isRedundant(steps, other))) {
        found.remove(Integer.valueOf(steps));
      }
    }
    List<Integer> kept = List.copyOf(found);
    found.clear();
    rest = series;
    kept.forEach(this::accept);
  }

  private boolean isRedundant(int steps, int other) {
    if (other % steps == 0) {
      return Evidence.of(series, steps).share()
          < MIN_RATIO_TO_MULTIPLE * Evidence.of(series, other).share();
    }
    return !Evidence.of(Remainder.without(series, other), steps).isNatural();
  }

  /** Returns the seasons found with the share of the variance that each explains. */
  private List<Season> seasons() {
    List<Integer> ascending = found.stream().sorted().toList();
    List<Season> seasons = new ArrayList<>();
    for (int steps : found) {
      seasons.add(new Season(steps, share(steps, ascending)));
    }
    seasons.sort(Comparator.comparingInt(Season::steps));
    return seasons;
  }

  /** Returns what a season explains after the shorter ones. */
  private double share(int steps, List<Integer> ascending) {
    int longest = ascending.get(ascending.size() - 1);
    List<Remainder> without = series;
    for (int i = 0; ascending.get(i) < steps; i++) {
      without = Remainder.without(without, ascending.get(i));
    }
    return without.stream()
        .filter(s -> s.originalPower(longest) > 0)
        .mapToDouble(s -> Math.min(1, s.cycles(steps).profilePower() / s.originalPower(longest)))
        .average()
        .orElse(0);
  }
}
