package io.eddy.dataset;

import io.eddy.model.Covariate;
import io.eddy.series.SteppedSeries;
import java.util.Collection;

/**
 * A static covariate as the data have it: one number for each series.
 *
 * @param name of the column
 */
public record StaticCovariate(String name) {
  /**
   * The covariate with mean and standard deviation over the series, each of which counts once.
   *
   * @param end grid index before which the data may be looked at
   * @throws IllegalArgumentException where a series has two numbers, or none has one
   */
  public Covariate of(Collection<SteppedSeries> series, long end) {
    double[] numbers =
        series.stream()
            .mapToDouble(one -> one.firstStep() < end ? number(one) : Double.NaN)
            .filter(number -> !Double.isNaN(number))
            .toArray();
    if (numbers.length == 0) {
      throw new IllegalArgumentException(
          "covariate %s: no series has a number in the training part".formatted(name));
    }
    double mean = 0;
    for (double number : numbers) {
      mean += number / numbers.length;
    }
    double square = 0;
    for (double number : numbers) {
      square += (number - mean) * (number - mean) / numbers.length;
    }
    double spread = Math.sqrt(square);
    return Covariate.ofSeries(name, mean, spread > 0 ? spread : 1);
  }

  private double number(SteppedSeries series) {
    double known = Double.NaN;
    for (int t = 0; t < series.size(); t++) {
      double number = series.covariates().value(name, t);
      if (!Double.isNaN(number) && !Double.isNaN(known) && number != known) {
        throw new IllegalArgumentException(
            "covariate %s: expected one number for all of series %s, got %s and %s;"
                    .formatted(name, series.name(), known, number)
                + " --covariates takes those that change");
      }
      known = Double.isNaN(number) ? known : number;
    }
    return known;
  }
}
