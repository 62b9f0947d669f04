package io.eddy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.dataset.SeriesData;
import io.eddy.forecast.Forecast;
import io.eddy.model.HeadKind;
import io.eddy.model.Model;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Forecasts of a rare event by a model of the automatic choice. */
class RareCountsTest {
  private static final long DAY_MS = 86_400_000;
  private static final int DAYS = 700;
  private static final int BEGIN = 550;
  private static final double SHARE = 0.1;

  /** Quantiles up to 0.9 are 0, so that a mean without tails would be 0. */
  @Test
  void meanIsThatOfTheCountsAndNoForecastIsNegative() {
    SeriesData data = data();
    Model model = trained(data);

    List<Forecast> forecasts = new ArrayList<>();
    SteppedSeries series = data.stepped(model.specification().sampling());
    RollingForecasts.forEach(
        model,
        List.of(series),
        series.firstStep() + BEGIN,
        (forecast, x, t) -> forecasts.add(forecast));

    assertThat(model.specification().output().head()).isEqualTo(HeadKind.NEGATIVE_BINOMIAL);
    assertThat(forecasts).hasSize(DAYS - BEGIN);
    assertThat(forecasts.stream().mapToDouble(forecast -> forecast.mean(1)).average().orElseThrow())
        .isBetween(0.7 * SHARE, 1.4 * SHARE);
    for (Forecast forecast : forecasts) {
      for (double value : forecast.values()) {
        assertThat(value).isGreaterThanOrEqualTo(0).isEqualTo(Math.rint(value));
      }
    }
  }

  private static SeriesData data() {
    SplittableRandom random = new SplittableRandom(4);
    long[] times = new long[DAYS];
    double[] values = new double[DAYS];
    for (int t = 0; t < DAYS; t++) {
      times[t] = t * DAY_MS;
      values[t] = random.nextDouble() < SHARE ? 1 : 0;
    }
    return new SeriesData("a", times, values);
  }

  private static Model trained(SeriesData data) {
    return ShortTraining.model(7, List.of(data));
  }
}
