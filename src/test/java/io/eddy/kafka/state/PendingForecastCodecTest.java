package io.eddy.kafka.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.ForecastQuality;
import io.eddy.forecast.score.PendingForecast;
import io.eddy.model.ModelVersion;
import io.eddy.series.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PendingForecastCodecTest {
  private static final double[] SMALL = {0.5f, -0.0, 3, 1e-3f, 2, 7};
  private static final double[] LARGE = {1.7e9 + 0.1, 0.1, 3, 4, 5, 6};

  @ParameterizedTest
  @CsvSource({
    "PT1H, true, true",
    "PT1H, false, false",
    "P1M, true, false",
    "'P1D[Europe/Berlin]', false, true",
    "business-day, true, true"
  })
  void decodesWhatScoringNeeds(String interval, boolean isWarm, boolean isPublished) {
    for (double[] values : List.of(SMALL, LARGE)) {
      PendingForecast quantiles =
          pending(interval, isWarm, new Shape(List.of(0.1, 0.5, 0.9), 0), values);
      PendingForecast classes = pending(interval, isWarm, new Shape(List.of(), 3), values);
      for (PendingForecast pending : List.of(quantiles, classes)) {
        PendingForecast written = isPublished ? pending : pending.unpublished();

        PendingForecast read =
            PendingForecastCodec.decode("a", PendingForecastCodec.encode(written));

        assertThat(read.forecast().origin()).isEqualTo(written.forecast().origin());
        assertThat(read.forecast().values()).isEqualTo(values);
        assertThat(read.forecast().quantileLevels()).isEqualTo(written.forecast().quantileLevels());
        assertThat(read.forecast().classes()).isEqualTo(written.forecast().classes());
        assertThat(read.base()).isEqualTo(written.base());
        assertThat(read.naive()).isEqualTo(written.naive());
        assertThat(read.known()).isEqualTo(written.known());
        assertThat(read.isPublished()).isEqualTo(isPublished);
      }
    }
  }

  @Test
  void float32ValuesTakeHalfTheBytes() {
    Shape shape = new Shape(List.of(0.1, 0.5, 0.9), 0);

    int small = PendingForecastCodec.encode(pending("PT1H", true, shape, SMALL)).length;
    int large = PendingForecastCodec.encode(pending("PT1H", true, shape, LARGE)).length;

    assertThat(large - small).isEqualTo(4 * SMALL.length);
  }

  @Test
  void rejectsOtherLayout() {
    assertThatThrownBy(() -> PendingForecastCodec.decode("a", new byte[] {1}))
        .isInstanceOf(UnknownLayoutException.class);
  }

  private record Shape(List<Double> levels, int classes) {}

  private static PendingForecast pending(
      String interval, boolean isWarm, Shape shape, double[] values) {
    Interval steps = Interval.parse(interval);
    Forecast.Origin origin =
        new Forecast.Origin(
            "a",
            steps.startMs(7),
            steps,
            new Forecast.Served(new ModelVersion("ab".repeat(32)), 3),
            isWarm,
            new ForecastQuality(24, 17, 0, false));
    return new PendingForecast(
        new Forecast(origin, shape.levels(), shape.classes(), values),
        new PendingForecast.Baselines(new double[] {1.1, 2}, new double[] {3, Double.MIN_VALUE}),
        new PendingForecast.NaiveError(0.3, 5));
  }
}
