package io.eddy.cli.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.model.ModelVersion;
import io.eddy.series.Interval;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

final class WatchBoardTest {
  private static final long HOUR = 3_600_000;

  private final WatchBoard board =
      new WatchBoard(new SettingSources().load().stream(), series -> !series.equals("hidden"));

  @Test
  void showsLatestSeriesByNameAndCountsOthers() {
    add("b", 1);
    add("a", 1);
    add("d", 1);
    add("c", 1);
    add("hidden", 1);
    add("a", 2);

    List<String> frame = board.frame(new WatchLine(80, false), 3);

    assertThat(frame).hasSize(6);
    assertThat(frame.get(0)).startsWith("model sensors: series with a forecast: 4,");
    assertThat(frame.get(1)).contains("80 % interval");
    assertThat(frame.subList(2, 5)).extracting(line -> line.substring(0, 1)).isSorted();
    assertThat(frame.subList(2, 5)).noneMatch(line -> line.startsWith("b"));
    assertThat(frame.get(2)).contains("1970-01-01 02:00:00");
    assertThat(frame.get(5)).isEqualTo("and 1 more series; choose with --series or --prefix");
  }

  @Test
  void linesFitTheTerminal() {
    add("a series with a name that is longer than its column", 1);
    for (int width : new int[] {20, 79, 104, 105, 120, 300}) {
      assertThat(board.frame(new WatchLine(width, true), 5))
          .allSatisfy(
              line ->
                  assertThat(line.replaceAll("\033\\[\\d*m", "").length())
                      .isLessThanOrEqualTo(width));
    }
  }

  @Test
  void ignoresForecastsOfOtherModelsAndForeignRecords() {
    board.add(record("forecasts", "x", new byte[] {1, 2, 3}));
    board.add(record("sensor-events", "x", "{".getBytes(UTF_8)));

    assertThat(board.frame(new WatchLine(80, false), 3)).hasSize(2);
  }

  private void add(String series, long originHour) {
    Forecast.Origin origin =
        new Forecast.Origin(
            series,
            originHour * HOUR,
            Interval.ofMillis(HOUR),
            new Forecast.Served(new ModelVersion("ab".repeat(32)), 1),
            true);
    Forecast forecast = new Forecast(origin, List.of(0.1, 0.5, 0.9), 0, new double[] {1, 2, 3});
    byte[] value =
        new ForecastCodec()
            .encode(
                new PublishedForecast(
                    forecast, "sensors", new SourcePosition("sensor-events", 0, 0)));
    board.add(record("forecasts", series, value));
    long time = originHour * HOUR;
    board.add(
        record(
            "sensor-events",
            series,
            "{\"timestamp\":%d,\"value\":1.5}".formatted(time).getBytes(UTF_8)));
  }

  private static ConsumerRecord<byte[], byte[]> record(String topic, String key, byte[] value) {
    return new ConsumerRecord<>(topic, 0, 0, key.getBytes(UTF_8), value);
  }
}
