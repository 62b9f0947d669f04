package io.eddy.forecast.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.model.ModelVersion;
import io.eddy.model.Precision;
import io.eddy.model.Transform;
import io.eddy.series.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The correction of quantiles after outliers, and of counts. */
final class CalibrationTest {
  private static final List<Double> LEVELS = List.of(0.1, 0.5, 0.9);
  private static final double RATE = 0.02;

  private final Calibration calibration = new Calibration();

  @Test
  void firstOutlierDoesNotWidenIntervalsForLong() {
    learn(new double[] {-1, 0, 1}, 1e6);
    for (int i = 0; i < 20; i++) {
      learn(new double[] {-1, 0, 1}, i % 2 == 0 ? 0.5 : -0.5);
    }

    assertThat(corrected(-1, 0, 1)[2]).isBetween(0.8, 3.0);
  }

  @Test
  void zerosOfRareCountsDoNotMoveQuantiles() {
    learn(new double[] {0, 0, 0}, 1);
    double[] after = corrected(0, 0, 0);
    for (int i = 0; i < 500; i++) {
      learn(new double[] {0, 0, 0}, 0);
    }

    assertThat(corrected(0, 0, 0)[2]).isBetween(0.0, after[2]);

    learn(new double[] {0, 0, 0}, 1);

    assertThat(corrected(0, 0, 0)[0]).isBetween(0.0, after[2]);
    assertThat(corrected(0, 0, 0)[2]).isBetween(0.0, 3 * after[2]);
  }

  @Test
  void valuesAboveQuantilesRaiseThem() {
    for (int i = 0; i < 200; i++) {
      learn(new double[] {0, 0, 0}, 3);
    }

    assertThat(corrected(0, 0, 0)[0]).isGreaterThan(0.5);
  }

  @Test
  void tooNarrowIntervalsWiden() {
    for (int i = 0; i < 300; i++) {
      learn(corrected(-0.001, 0, 0.001), Math.sin(i));
    }

    assertThat(corrected(-0.001, 0, 0.001)[2]).isBetween(0.8, 1.2);
  }

  @Test
  void tooWideIntervalsNarrow() {
    for (int i = 0; i < 300; i++) {
      learn(corrected(-100, 0, 100), Math.sin(i));
    }

    assertThat(corrected(-100, 0, 100)[2]).isLessThan(20);
  }

  /** The correction is in units of the error, which falls. */
  @Test
  void correctionShrinksWithErrors() {
    for (int i = 0; i < 300; i++) {
      learn(corrected(-1, 0, 1), 10 * Math.sin(i));
    }
    double wide = corrected(-1, 0, 1)[2];
    for (int i = 0; i < 30; i++) {
      learn(corrected(-1, 0, 1), Math.sin(i));
    }

    assertThat(corrected(-1, 0, 1)[2] - 1).isLessThan((wide - 1) / 4);
  }

  private void learn(double[] quantiles, double actual) {
    calibration.learn(forecast(quantiles), new double[] {actual}, RATE, value -> value);
  }

  private double[] corrected(double... quantiles) {
    calibration.correct(quantiles, CalibratedLevels.of(LEVELS), Transform.NONE, Precision.FLOAT64);
    return quantiles;
  }

  private static Forecast forecast(double[] quantiles) {
    Forecast.Served served = new Forecast.Served(ModelVersion.ofDigest(new byte[32]), 0);
    return new Forecast(
        new Forecast.Origin("a", 0, Interval.ofMillis(3_600_000), served, true),
        LEVELS,
        0,
        quantiles);
  }
}
