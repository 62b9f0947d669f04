package io.eddy.kafka.preview;

import io.eddy.forecast.Forecast;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a version would forecast of a series in the place of the one that serves it.
 *
 * @param series its name
 * @param steps that its history was replayed from
 * @param serving what serves forecasts from there; null where nothing serves, or no forecast was
 *     made yet
 * @param proposed the other version's, from the same event on; null where it makes none
 * @param trouble why not; empty where it does
 * @param deviation standard deviation of the series' values in these steps
 */
public record SeriesPreview(
    String series,
    int steps,
    @Nullable Forecast serving,
    @Nullable Forecast proposed,
    String trouble,
    double deviation) {
  /** One of which no more is known. */
  static SeriesPreview without(String series, int steps, String trouble) {
    return new SeriesPreview(series, steps, null, null, trouble, Double.NaN);
  }

  /**
   * How far the two are apart, step by step ahead: their medians, in the mean width of the serving
   * one's outermost interval or, where it has none, the series' standard deviation. Of classes, by
   * how much probability has moved from some to others.
   *
   * @return of as many steps as both forecast; none where they cannot be compared
   */
  public double[] differences() {
    if (serving == null || proposed == null || !isComparable(serving, proposed)) {
      return new double[0];
    }
    double[] differences = new double[Math.min(serving.horizon(), proposed.horizon())];
    double unit = unit(serving);
    for (int j = 1; j <= differences.length; j++) {
      differences[j - 1] =
          serving.classes() > 0
              ? moved(serving, proposed, j)
              : Math.abs((double) serving.median(j) - proposed.median(j)) / unit;
    }
    return differences;
  }

  /** The mean of {@link #differences}; NaN where there are none. */
  public double difference() {
    return Arrays.stream(differences()).average().orElse(Double.NaN);
  }

  private static boolean isComparable(Forecast one, Forecast other) {
    return one.origin().timestampMs() == other.origin().timestampMs()
        && one.origin().intervalMs() == other.origin().intervalMs()
        && one.classes() == other.classes();
  }

  private double unit(Forecast forecast) {
    int levels = forecast.quantileLevels().size();
    double width = 0;
    for (int j = 1; j <= forecast.horizon() && levels > 1; j++) {
      width += ((double) forecast.value(j, levels - 1) - forecast.value(j, 0)) / forecast.horizon();
    }
    return width > 0 ? width : deviation;
  }

  private static double moved(Forecast one, Forecast other, int step) {
    double sum = 0;
    for (int k = 0; k < one.classes(); k++) {
      sum += Math.abs((double) one.value(step, k) - other.value(step, k)) / 2;
    }
    return sum;
  }

  /** The medians over some series of how far forecasts are apart, by step ahead. */
  public static List<Double> byStep(List<SeriesPreview> previews) {
    List<double[]> all =
        previews.stream()
            .map(SeriesPreview::differences)
            .filter(differences -> differences.length > 0)
            .toList();
    int steps = all.stream().mapToInt(differences -> differences.length).min().orElse(0);
    List<Double> medians = new ArrayList<>();
    for (int j = 0; j < steps; j++) {
      int step = j;
      double[] sorted = all.stream().mapToDouble(one -> one[step]).sorted().toArray();
      medians.add((sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2);
    }
    return medians;
  }
}
