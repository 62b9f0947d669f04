package io.eddy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eddy.series.SteppedSeries;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LinearReferenceForecastTest {
  private static final LinearReferenceForecast.Sizes SIZES =
      new LinearReferenceForecast.Sizes(24, 6);

  @Test
  void fitsLinearRecurrence() {
    double[] x = rhythm(400);
    LinearReferenceForecast forecast = fit(x, 300);

    double[] ahead = new double[6];
    for (int t = 300; t < 394; t++) {
      forecast.forecast(x, t, ahead);

      for (int j = 1; j <= 6; j++) {
        // The ridge penalty shrinks the weights slightly.
        assertThat(ahead[j - 1]).isCloseTo(x[t + j], within(0.05));
      }
    }
  }

  @Test
  void isInvariantToLevelAndScale() {
    double[] x = rhythm(400);
    double[] other = Arrays.stream(x).map(value -> 1e6 + 500 * value).toArray();
    double[] ahead = new double[6];
    double[] otherAhead = new double[6];

    fit(x, 300).forecast(x, 320, ahead);
    fit(x, 300).forecast(other, 320, otherAhead);

    for (int j = 0; j < 6; j++) {
      assertThat(otherAhead[j]).isCloseTo(1e6 + 500 * ahead[j], within(1e-6));
    }
  }

  @Test
  void ignoresDataAfterEnd() {
    double[] x = rhythm(400);
    double[] changed = x.clone();
    Arrays.fill(changed, 300, 400, 1e9);
    double[] ahead = new double[6];
    double[] changedAhead = new double[6];

    fit(x, 300).forecast(x, 200, ahead);
    fit(changed, 300).forecast(x, 200, changedAhead);

    assertThat(changedAhead).isEqualTo(ahead);
  }

  @Test
  void reducesLookBackForShortSeries() {
    double[] x = rhythm(40);

    double[] ahead = new double[6];
    fit(x, 40).forecast(x, 1, ahead);

    assertThat(ahead).doesNotContain(Double.NaN);
  }

  @Test
  void isEmptyWithoutExamples() {
    double[] constant = new double[100];

    assertThat(LinearReferenceForecast.fit(List.of(series(rhythm(8))), 8, SIZES)).isEmpty();
    assertThat(LinearReferenceForecast.fit(List.of(series(constant)), 100, SIZES)).isEmpty();
    assertThat(LinearReferenceForecast.fit(List.of(), 100, SIZES)).isEmpty();
  }

  private static LinearReferenceForecast fit(double[] x, long end) {
    return LinearReferenceForecast.fit(List.of(series(x)), end, SIZES).orElseThrow();
  }

  private static SteppedSeries series(double[] x) {
    return new SteppedSeries("a", 0, x);
  }

  private static double[] rhythm(int steps) {
    double[] x = new double[steps];
    for (int t = 0; t < steps; t++) {
      x[t] = 10 * StrictMath.sin(2 * Math.PI * t / 12) + 3 * StrictMath.cos(2 * Math.PI * t / 5);
    }
    return x;
  }
}
