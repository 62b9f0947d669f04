package io.eddy.kafka.stream;

import static io.eddy.kafka.verify.ReportAssertions.assertConsistent;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.LatenessPolicy;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.verify.VerifyCount;
import io.eddy.kafka.verify.VerifyReport;
import io.eddy.model.Model;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.Interval;
import io.eddy.series.Observation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams whose steps are months, local days and business days. */
final class CalendarStreamTest {
  private static final int CONTEXT = 24;

  @TempDir Path folder;

  private static byte[] file(CellKind kind, Aggregation aggregation, Interval interval, long seed) {
    return Models.file(
        Models.withInterval(Models.specification(kind, 6, CONTEXT, aggregation), interval), seed);
  }

  /** Observations within the steps from winter to winter, some of them at the end of the step. */
  private static List<Observation> observations(Interval interval, int count) {
    long first = interval.stepOf(Instant.parse("2023-12-15T12:00:00Z").toEpochMilli());
    return IntStream.range(0, count)
        .filter(i -> i % 11 != 5)
        .mapToObj(
            i -> {
              long start = interval.startMs(first + i);
              long end = interval.startMs(first + i + 1);
              long time = i % 3 == 0 ? start : i % 3 == 1 ? end - 1 : (start + end) / 2;
              return new Observation("a", time, 100 + 10 * StrictMath.sin(i / 2.0) + i % 7);
            })
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "P1M",
        "P1M[Europe/Berlin]",
        "P3M/1970-02-01",
        "P1D[Europe/Berlin]",
        "P1D[America/New_York]",
        "P7D/1970-01-04",
        "business-day[Europe/Berlin]"
      })
  void migratesExactlyAndVerifies(String text) {
    Interval interval = Interval.parse(text);
    byte[] gru = file(CellKind.GRU, Aggregation.FIRST, interval, 1);
    byte[] lstm = file(CellKind.LSTM, Aggregation.FIRST, interval, 2);
    List<Observation> observations = observations(interval, 400);
    int last = observations.size() - 1;
    try (RecordedStream stream = stream(LatenessPolicy.IN_ORDER)) {
      stream.activate(1, gru, null);
      observations.subList(0, last).forEach(stream::send);
      stream.activate(2, lstm, null);
      stream.send(observations.get(last));

      VerifyReport report = stream.verify();
      assertConsistent(report);
      assertThat(report.counts()).containsEntry(VerifyCount.COMPARED, last + 1L);
      assertThat(stream.letters).isEmpty();
      for (int i = 0; i <= last; i++) {
        assertDates(stream.published(i).forecast(), observations.get(i), interval);
      }
      assertThat(stream.published(last).forecast().values())
          .isEqualTo(coldStart(observations, ModelFile.read(lstm)).values());
    }
  }

  private static void assertDates(Forecast forecast, Observation observation, Interval interval) {
    long step = interval.stepOf(observation.timestampMs());
    assertThat(forecast.origin().interval()).isEqualTo(interval);
    assertThat(forecast.origin().timestampMs()).isEqualTo(interval.startMs(step));
    assertThat(forecast.timestampMs(4)).isEqualTo(interval.startMs(step + 4));
  }

  /** Returns the forecast after the last step and the W steps before it, without earlier state. */
  private static Forecast coldStart(List<Observation> observations, Model model) {
    Interval interval = model.specification().sampling().interval();
    long last = interval.stepOf(observations.get(observations.size() - 1).timestampMs());
    StepFunction steps = new StepFunction();
    SeriesState state = SeriesState.inMemory(model);
    Forecast forecast = null;
    // The first step of the window is measured, so that no value before it is needed.
    for (Observation observation : observations) {
      if (interval.stepOf(observation.timestampMs()) > last - 1 - CONTEXT) {
        StepResult result = steps.apply(state, observation, model, 0);
        forecast = result.forecasts().get(0).forecast();
      }
    }
    assertThat(state.window().size()).isEqualTo(CONTEXT);
    assertThat(forecast).isNotNull();
    return forecast;
  }

  @Test
  void lateObservationsOfADayJoinItAcrossTheChangeOfTheClock() {
    Interval days = Interval.parse("P1D[Europe/Berlin]");
    byte[] mean = file(CellKind.GRU, Aggregation.MEAN, days, 1);
    LatenessPolicy policy = new LatenessPolicy(Duration.ofHours(2), 64, false);
    long saturday = days.stepOf(Instant.parse("2024-10-26T10:00:00Z").toEpochMilli());
    try (RecordedStream stream = stream(policy)) {
      stream.activate(1, mean, null);
      stream.send(new Observation("a", days.startMs(saturday), 1));
      stream.send(new Observation("a", Instant.parse("2024-10-27T22:30:00Z").toEpochMilli(), 2));
      stream.send(new Observation("a", Instant.parse("2024-10-28T00:30:00Z").toEpochMilli(), 3));
      stream.send(new Observation("a", Instant.parse("2024-10-27T22:59:00Z").toEpochMilli(), 4));
      stream.send(new Observation("a", Instant.parse("2024-10-28T01:00:00Z").toEpochMilli(), 5));

      assertThat(stream.forecasts).hasSize(2);
      Forecast sunday = stream.published(1).forecast();
      assertThat(Instant.ofEpochMilli(sunday.origin().timestampMs()))
          .isEqualTo(Instant.parse("2024-10-26T22:00:00Z"));
      assertThat(Instant.ofEpochMilli(sunday.timestampMs(1)))
          .isEqualTo(Instant.parse("2024-10-27T23:00:00Z"));
      assertConsistent(stream.verify());
    }
  }

  private RecordedStream stream(LatenessPolicy policy) {
    return new RecordedStream(folder, StreamPoliciesBuilder.policies().lateness(policy).build());
  }
}
