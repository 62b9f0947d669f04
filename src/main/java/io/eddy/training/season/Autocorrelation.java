package io.eddy.training.season;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Proposes candidates from the values: lags at which the mean autocorrelation of the series has a
 * local maximum. The deviations from the slowly moving level show long seasons, their changes show
 * short ones.
 */
final class Autocorrelation {
  static final int MAX_LAG = 2048;
  private static final int MAX_SERIES = 16;
  private static final int MAX_VALUES = 8192;
  private static final int MIN_CYCLES = 4;

  /** Number of levels of a series between which the moving level is interpolated. */
  private static final int LEVELS = 4;

  /** Maximum number of the highest peaks, and of the shortest ones of the high peaks. */
  private static final int MAX_PEAKS = 4;

  /** Lags are near each other if they differ by at most their length divided by this number. */
  private static final int NEARBY_DIVISOR = 16;

  /** Ratio to the highest peak from which a peak is high. */
  private static final double MIN_HIGH_RATIO = 0.8;

  /** Standard deviations of the autocorrelation of noise, 1/√n, that a peak exceeds. */
  private static final double MIN_DEVIATIONS = 2;

  /** Sums of products by lag. */
  private final double[] sums;

  private double values;

  private Autocorrelation(int maxLag) {
    sums = new double[maxLag + 1];
  }

  /** Returns the candidates of at least two steps, ascending. */
  static List<Integer> candidates(List<Remainder> series) {
    int longest = series.stream().mapToInt(s -> s.values().length).max().orElse(0);
    int maxLag = Math.min(MAX_LAG, Math.min(MAX_VALUES, longest) / MIN_CYCLES);
    Autocorrelation levels = new Autocorrelation(maxLag);
    Autocorrelation changes = new Autocorrelation(maxLag);
    int stride = Math.max(1, (series.size() + MAX_SERIES - 1) / MAX_SERIES);
    for (int i = 0; i < series.size(); i += stride) {
      double[] deviations = deviations(series.get(i).values());
      levels.add(deviations);
      changes.add(differences(deviations));
    }
    TreeSet<Integer> candidates = new TreeSet<>(levels.peaks());
    candidates.addAll(changes.peaks());
    return List.copyOf(candidates);
  }

  private static double[] deviations(double[] x) {
    int from = Math.max(0, x.length - MAX_VALUES);
    double[] last = Arrays.copyOfRange(x, from, x.length);
    return Cycles.of(last, Math.max(1, last.length / LEVELS), 0).deviations();
  }

  private static double[] differences(double[] x) {
    double[] differences = new double[Math.max(0, x.length - 1)];
    for (int t = 0; t < differences.length; t++) {
      differences[t] = x[t + 1] - x[t];
    }
    return differences;
  }

  private void add(double[] x) {
    double power = product(x, 0);
    if (!(power > 0)) {
      return;
    }
    values += x.length;
    for (int lag = 1; lag < sums.length; lag++) {
      sums[lag] += x.length * (product(x, lag) / power);
    }
  }

  private static double product(double[] x, int lag) {
    double sum = 0;
    for (int t = lag; t < x.length; t++) {
      sum = Math.fma(x[t], x[t - lag], sum);
    }
    return x.length > lag ? sum / (x.length - lag) : 0;
  }

  /** Returns the highest peaks, and the shortest of the high ones. */
  private List<Integer> peaks() {
    double least = MIN_DEVIATIONS / Math.sqrt(Math.max(1, values));
    List<Integer> peaks = new ArrayList<>();
    for (int lag = 2; lag < sums.length - 1; lag++) {
      if (sums[lag] > least * values && isPeak(lag)) {
        peaks.add(lag);
      }
    }
    List<Integer> byHeight = new ArrayList<>(peaks);
    byHeight.sort(Comparator.comparingDouble((Integer lag) -> sums[lag]).reversed());
    List<Integer> chosen =
        new ArrayList<>(byHeight.subList(0, Math.min(MAX_PEAKS, byHeight.size())));
    peaks.stream()
        .filter(lag -> sums[lag] >= MIN_HIGH_RATIO * sums[byHeight.get(0)])
        .limit(MAX_PEAKS)
        .forEach(chosen::add);
    return chosen;
  }

  /** Returns whether no lag nearby has a higher autocorrelation. */
  private boolean isPeak(int lag) {
    int reach = Math.max(1, lag / NEARBY_DIVISOR);
    for (int other = lag - reach; other <= lag + reach; other++) {
      if (other < sums.length && sums[other] > sums[lag]) {
        return false;
      }
    }
    return lag + 1 < sums.length;
  }
}
