package io.eddy.kafka.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.model.ModelVersion;
import io.eddy.series.Interval;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchedForecastsTest {
  private static final ModelVersion VERSION = ModelVersion.of(new byte[] {1});

  private final WatchedForecasts forecasts = new WatchedForecasts();

  @BeforeEach
  void watch() {
    forecasts.watch("a");
  }

  @Test
  void takesForecastOnceItsEventIsCommitted() {
    PublishedForecast forecast = add(7, 1);
    assertThat(forecasts.take("a", 7)).isNull();
    assertThat(forecasts.take("a", 8)).isSameAs(forecast);
    assertThat(forecasts.take("a", 8)).isNull();
  }

  @Test
  void takesNewestCommittedForecast() {
    add(1, 1);
    add(2, 2);
    PublishedForecast newest = add(3, 3);
    assertThat(forecasts.take("a", 9)).isSameAs(newest);
  }

  @Test
  void takesOldestWhileNewerOnesFollowWithoutPause() {
    PublishedForecast oldest = add(1, 1);
    add(2, 2);
    PublishedForecast newest = add(3, 3);
    assertThat(forecasts.take("a", 2)).isSameAs(oldest);
    assertThat(forecasts.take("a", 2)).isNull();
    assertThat(forecasts.take("a", 4)).isSameAs(newest);
  }

  @Test
  void lastForecastOfAnEventReplacesTheEarlierOnes() {
    add(1, 1);
    PublishedForecast last = add(1, 2);
    assertThat(forecasts.take("a", 2)).isSameAs(last);
  }

  @Test
  void discardsForecastsOfAnAbortedTransaction() {
    add(5, 1);
    add(6, 2);
    PublishedForecast again = add(5, 1);
    assertThat(forecasts.take("a", 9)).isSameAs(again);
    assertThat(forecasts.take("a", 9)).isNull();
  }

  @Test
  void ignoresSeriesThatAreNotWatched() {
    forecasts.add("b", forecast("b", 1, 1));
    assertThat(forecasts.take("b", 9)).isNull();
    add(1, 1);
    forecasts.unwatch("a");
    assertThat(forecasts.take("a", 9)).isNull();
  }

  @Test
  void clearKeepsTheSeriesWatched() {
    add(1, 1);
    forecasts.clear("a");
    assertThat(forecasts.take("a", 9)).isNull();
    assertThat(add(2, 2)).isSameAs(forecasts.take("a", 9));
  }

  @Test
  void returnsPositionOfEachPartition() {
    forecasts.of(3).set(12);
    assertThat(forecasts.position(3)).isEqualTo(12);
    assertThat(forecasts.position(4)).isEqualTo(WatchedForecasts.NONE);
  }

  private PublishedForecast add(long offset, long originMs) {
    PublishedForecast forecast = forecast("a", offset, originMs);
    forecasts.add("a", forecast);
    return forecast;
  }

  private static PublishedForecast forecast(String series, long offset, long originMs) {
    return new PublishedForecast(
        new Forecast(
            new Forecast.Origin(
                series, originMs, Interval.ofMillis(1), new Forecast.Served(VERSION, 1), true),
            List.of(),
            0,
            new double[] {1}),
        "m",
        new SourcePosition("events", 0, offset));
  }
}
