package io.eddy.kafka.verify;

import static io.eddy.kafka.stream.RecordedStream.GRU;
import static io.eddy.kafka.stream.RecordedStream.HOUR;
import static io.eddy.kafka.stream.RecordedStream.LSTM;
import static io.eddy.kafka.stream.RecordedStream.RNN;
import static io.eddy.kafka.stream.RecordedStream.SERIES;
import static io.eddy.kafka.stream.RecordedStream.mean;
import static io.eddy.kafka.stream.RecordedStream.observation;
import static io.eddy.kafka.verify.AlteredForecasts.withBitFlipped;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.stream.RecordedStream;
import io.eddy.nn.CellKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replay from a later event gives the result of a replay of all events, or none. */
class LaterStartTest {
  @TempDir Path folder;
  private RecordedStream stream;

  @BeforeEach
  void start() {
    stream = new RecordedStream(folder);
  }

  @AfterEach
  void stop() {
    stream.close();
  }

  @Test
  void needsContextBeforeChangeOfVersion() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 60);
    stream.activate(2, LSTM, null);
    stream.sendHours(60, 70);

    assertThat(conclusive(60)).containsExactlyElementsOf(range(0, 36 * SERIES));
    assertThat(conclusive(59)).containsExactly(0);
    assertThat(conclusive(65)).containsExactlyElementsOf(range(0, 36 * SERIES));
  }

  @Test
  void needsBeginOfSeriesThatBeganLater() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 60);
    stream.activate(2, LSTM, null);
    stream.sendHours(60, 62);
    for (int hour = 62; hour < 70; hour++) {
      stream.send(observation(7, hour));
      stream.sendHours(hour, hour + 1);
    }

    assertThat(conclusive(60)).containsExactlyElementsOf(range(0, 36 * SERIES));
    assertThat(conclusive(66)).containsExactlyElementsOf(range(0, 36 * SERIES));
  }

  @Test
  void agreesWithOpenStepsGapsAndDeadLetters() {
    stream.activate(1, mean(CellKind.GRU, 1), null);
    stream.sendQuarters(0, 40);
    stream.activate(2, mean(CellKind.LSTM, 2), null);
    stream.sendQuarters(40, 44);
    stream.send("series-0", "garbage".getBytes(StandardCharsets.UTF_8), 44 * HOUR);
    stream.send(observation(4, 44));
    stream.sendQuarters(45, 47);
    stream.send(observation(4, 48));
    stream.send(observation(4, 50));
    stream.sendQuarters(80, 100);
    stream.activate(3, RNN, null);
    stream.sendQuarters(100, 104);

    for (int from : new int[] {39, 44, 49, 81}) {
      assertThat(conclusive(from)).contains(0);
    }
    assertThat(conclusive(102)).contains(78);
  }

  @Test
  void faultNeedsReplayOfAllEvents() {
    stream.run();
    int altered = 37 * SERIES;
    stream.alter(altered, forecast -> withBitFlipped(forecast, 0));
    assertThat(conclusive(37)).containsExactly(0);
    stream.alter(altered, forecast -> withBitFlipped(forecast, 0));
    assertThat(conclusive(37)).contains(10 * SERIES);

    stream.forecasts.remove(altered);
    assertThat(conclusive(37)).containsExactly(0);
  }

  /** The first forecast of a series that begins within the scope. */
  @Test
  void lostForecastOfLaterSeriesNeedsReplayOfAllEvents() {
    stream.run();
    for (int hour = 40; hour < 45; hour++) {
      stream.send(observation(8, hour));
    }
    assertThat(conclusive(39)).contains(11 * SERIES);
    stream.forecasts.remove(40 * SERIES);
    assertThat(conclusive(39)).containsExactly(0);
  }

  /** Returns the first events of conclusive replays, which must have the complete result. */
  private List<Integer> conclusive(int fromHour) {
    VerifyScope scope = new VerifyScope(null, fromHour * HOUR, Long.MAX_VALUE, 10, false);
    VerifyReport all = stream.verify(scope);
    int first = 0;
    while (stream.events.get(first).timestamp() < fromHour * HOUR) {
      first++;
    }
    return range(0, first).stream()
        .filter(
            event -> {
              Optional<VerifyReport> report =
                  event == 0 ? Optional.of(all) : stream.verifyFrom(scope, event);
              report.ifPresent(
                  found -> {
                    assertThat(found.counts())
                        .as("from event %d", event)
                        .containsExactlyInAnyOrderEntriesOf(all.counts());
                    assertThat(found.differences()).isEqualTo(all.differences());
                  });
              return report.isPresent();
            })
        .toList();
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.rangeClosed(from, to).filter(event -> event % SERIES == 0).boxed().toList();
  }
}
