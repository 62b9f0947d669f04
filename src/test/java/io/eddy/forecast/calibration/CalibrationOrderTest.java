package io.eddy.forecast.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.model.ModelVersion;
import io.eddy.model.Precision;
import io.eddy.model.Transform;
import io.eddy.series.Interval;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationOrderTest {
  private static final List<Double> LEVELS = List.of(0.1, 0.3, 0.5, 0.7, 0.9);

  private final Calibration calibration = new Calibration();

  /** The intervals of exact forecasts have no width, so that every correction makes them cross. */
  @Test
  void correctionOfExactForecastsVanishesAfterLargeErrors() {
    for (int i = 0; i < 10; i++) {
      learn(0, i % 2 == 0 ? 100 : -80);
    }
    for (int i = 0; i < 300; i++) {
      learn(0, 0);
    }

    double[] corrected = corrected(0);

    assertThat(corrected[2]).isBetween(-0.1, 0.1);
    assertThat(corrected).isSorted();
  }

  /** Scores a forecast with equal quantiles. */
  private void learn(double quantile, double actual) {
    Forecast.Origin origin =
        new Forecast.Origin(
            "a",
            0,
            Interval.of(Duration.ofHours(1)),
            new Forecast.Served(ModelVersion.of(new byte[0]), 0),
            true);
    calibration.learn(
        new Forecast(origin, LEVELS, 0, corrected(quantile)),
        new double[] {actual},
        0.02,
        value -> value);
  }

  private double[] corrected(double quantile) {
    double[] values = {quantile, quantile, quantile, quantile, quantile};
    calibration.correct(values, CalibratedLevels.of(LEVELS), Transform.NONE, Precision.FLOAT64);
    return values;
  }
}
