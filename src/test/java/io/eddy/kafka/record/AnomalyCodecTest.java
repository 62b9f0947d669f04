package io.eddy.kafka.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.anomaly.Anomaly;
import io.eddy.forecast.anomaly.AnomalyKind;
import io.eddy.forecast.anomaly.AnomalyScore;
import io.eddy.forecast.anomaly.AnomalyScore.Change;
import io.eddy.forecast.anomaly.Episode;
import io.eddy.forecast.anomaly.Expectation;
import io.eddy.model.ModelVersion;
import io.eddy.series.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnomalyCodecTest {
  private static final Expectation RANGE = new Expectation(0.1, -1e300, 1.0 / 3);
  private static final Expectation UNKNOWN = new Expectation(Double.NaN, Double.NaN, Double.NaN);

  @ParameterizedTest
  @EnumSource
  void keepsEveryBit(OutputFormat.Format format) {
    AnomalyCodec codec = new AnomalyCodec(new OutputFormat(format, null), "anomalies");
    Episode spike = new Episode(1, 2, 3, AnomalyKind.SPIKE, 0.7, RANGE, 0.9, "Far off.");
    Episode gap = new Episode(4, 5, 6, AnomalyKind.MISSING_DATA, Double.NaN, RANGE, 0.5, "ä");
    for (PublishedAnomaly published :
        List.of(
            published(Change.NONE, null, RANGE),
            published(Change.CONTINUE, spike, RANGE),
            published(Change.BEGIN, gap, UNKNOWN),
            published(Change.END, spike, UNKNOWN))) {
      assertThat(codec.decode("a", codec.encode(published))).isEqualTo(published);
    }
  }

  private static PublishedAnomaly published(
      Change change, @Nullable Episode episode, Expectation expected) {
    return new PublishedAnomaly(
        new Anomaly(
            3_600_000,
            7_200_000,
            1e-7,
            new AnomalyScore(0.3, 0.6, 0.01, expected, change, episode)),
        new PublishedAnomaly.Subject(
            "a",
            Interval.ofMillis(3_600_000),
            new Forecast.Served(new ModelVersion("ab".repeat(32)), 3),
            2),
        "m",
        new SourcePosition("events", 1, 42));
  }
}
