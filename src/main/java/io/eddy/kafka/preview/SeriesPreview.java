package io.eddy.kafka.preview;

import io.eddy.forecast.Forecast;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The forecast of a series by a proposed version, with that of the serving version.
 *
 * @param series its name
 * @param steps of the series that were replayed
 * @param serving forecast of the serving version; null if no version serves, or no forecast was
 *     made yet
 * @param proposed forecast of the proposed version, from the same event; null if it makes none
 * @param trouble why the proposed version makes no forecast; empty if it makes one
 * @param deviation standard deviation of the series' values in these steps
 */
public record SeriesPreview(
    String series,
    int steps,
    @Nullable Forecast serving,
    @Nullable Forecast proposed,
    String trouble,
    double deviation) {
  /** Returns a preview without forecasts. */
  static SeriesPreview without(String series, String trouble) {
    return new SeriesPreview(series, 0, null, null, trouble, Double.NaN);
  }

  /**
   * Returns the difference of the two forecasts for each step ahead: the distance of the medians,
   * in units of the mean width of the serving forecast's outermost interval or, if it has none, of
   * the series' standard deviation. For classes it is the total variation distance.
   *
   * @return as many steps as both forecast; empty if the forecasts cannot be compared
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
              ? totalVariation(serving, proposed, j)
              : Math.abs(serving.median(j) - proposed.median(j)) / unit;
    }
    return differences;
  }

  /** Returns the mean of {@link #differences}; NaN if there are none. */
  public double difference() {
    return Arrays.stream(differences()).average().orElse(Double.NaN);
  }

  private static boolean isComparable(Forecast serving, Forecast proposed) {
    return serving.origin().timestampMs() == proposed.origin().timestampMs()
        && serving.origin().interval().equals(proposed.origin().interval())
        && serving.classes() == proposed.classes();
  }

  private double unit(Forecast forecast) {
    int levels = forecast.quantileLevels().size();
    double width = 0;
    for (int j = 1; j <= forecast.horizon() && levels > 1; j++) {
      width += (forecast.value(j, levels - 1) - forecast.value(j, 0)) / forecast.horizon();
    }
    return width > 0 ? width : deviation;
  }

  private static double totalVariation(Forecast serving, Forecast proposed, int step) {
    double sum = 0;
    for (int k = 0; k < serving.classes(); k++) {
      sum += Math.abs(serving.value(step, k) - proposed.value(step, k)) / 2;
    }
    return sum;
  }

  /** Returns the medians of the differences over several series, for each step ahead. */
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
      double[] sorted = all.stream().mapToDouble(values -> values[step]).sorted().toArray();
      medians.add((sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2);
    }
    return medians;
  }
}
