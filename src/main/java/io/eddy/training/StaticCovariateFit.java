package io.eddy.training;

import io.eddy.model.Covariate;
import io.eddy.series.SteppedSeries;
import java.util.Collection;

/** Fits the standardization of a static covariate, which has one number per series. */
final class StaticCovariateFit {
  private StaticCovariateFit() {}

  /**
   * Returns the covariate with the mean and standard deviation over the series; every series counts
   * once.
   *
   * @param name column of the data
   * @param end grid index of the first step that is ignored
   * @throws IllegalArgumentException if a series has two different numbers, or no series has one
   */
  static Covariate fit(String name, Collection<SteppedSeries> series, long end) {
    double[] numbers =
        series.stream()
            .mapToDouble(s -> s.firstStep() < end ? number(name, s) : Double.NaN)
            .filter(number -> !Double.isNaN(number))
            .toArray();
    if (numbers.length == 0) {
      throw new IllegalArgumentException(
          "static covariate %s: no series has a number in the training part".formatted(name));
    }
    double mean = 0;
    for (double number : numbers) {
      mean += number / numbers.length;
    }
    double variance = 0;
    for (double number : numbers) {
      variance += (number - mean) * (number - mean) / numbers.length;
    }
    double deviation = Math.sqrt(variance);
    return Covariate.staticCovariate(name, mean, deviation > 0 ? deviation : 1);
  }

  private static double number(String name, SteppedSeries series) {
    double known = Double.NaN;
    for (int t = 0; t < series.size(); t++) {
      double number = series.covariates().value(name, t);
      if (!Double.isNaN(number) && !Double.isNaN(known) && number != known) {
        throw new IllegalArgumentException(
            "static covariate %s: expected one number for all of series %s, got %s and %s"
                .formatted(name, series.name(), known, number));
      }
      known = Double.isNaN(number) ? known : number;
    }
    return known;
  }
}
