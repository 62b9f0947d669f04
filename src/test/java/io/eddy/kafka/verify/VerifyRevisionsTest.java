package io.eddy.kafka.verify;

import static io.eddy.kafka.stream.RecordedStream.HOUR;
import static io.eddy.kafka.verify.ReportAssertions.assertConsistent;
import static io.eddy.kafka.verify.ReportAssertions.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.LatenessPolicy;
import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.kafka.stream.RecordedStream;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.series.Duplicates;
import io.eddy.series.Observation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verification of revisions, which the stream makes from the contents of its stores. */
class VerifyRevisionsTest {
  private static final int WINDOW = 5;
  private static final byte[] DILATED =
      Models.file(
          Models.withLayers(
              Models.calibrated(Models.specification(CellKind.GRU, 6, 12)), List.of(1, 3), 2),
          1);
  private static final byte[] PLAIN = Models.file(Models.specification(CellKind.LSTM, 5, 12), 2);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void agreesAcrossVersionSwitches(boolean gathers) {
    try (RecordedStream stream = stream(gathers)) {
      stream.activate(1, gathers ? gathering(CellKind.GRU) : DILATED, null);
      stream.activate(2, gathers ? gathering(CellKind.LSTM) : PLAIN, 40 * HOUR);
      List<Observation> events = events(120);
      events.subList(0, 250).forEach(stream::send);
      stream.activate(3, gathers ? gathering(CellKind.GRU) : DILATED, null);
      events.subList(250, events.size()).forEach(stream::send);

      VerifyReport report = stream.verify();

      assertConsistent(report);
      assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(stream.forecasts.size());
      assertThat(revised(stream)).isGreaterThan(50);
      assertThat(stream.epochs("series-0")).contains(1L, 2L, 3L);
    }
  }

  @Test
  void reportsAlteredLostAndDuplicatedRevisions() {
    try (RecordedStream stream = stream(false)) {
      stream.activate(1, DILATED, null);
      events(60).forEach(stream::send);
      int index = 0;
      while (stream.published(index).forecast().origin().quality().revision() == 0) {
        index++;
      }
      assertConsistent(stream.verify());
      stream.alter(index, published -> AlteredForecasts.withBitFlipped(published, 2));
      assertFault(stream.verify(), VerifyCount.DIFFERENT, "value");
      stream.alter(index, published -> AlteredForecasts.withBitFlipped(published, 2));
      stream.alter(index, published -> AlteredForecasts.withRevision(published, 7));
      assertFault(stream.verify(), VerifyCount.DIFFERENT, "revision");
      stream.alter(index, published -> AlteredForecasts.withRevision(published, 1));
      stream.append(stream.forecasts.get(index));
      assertThat(stream.verify().counts()).containsEntry(VerifyCount.DUPLICATED, 1L);
      stream.forecasts.remove(index);
      stream.forecasts.remove(stream.forecasts.size() - 1);

      assertThat(stream.verify().counts()).containsEntry(VerifyCount.LOST, 1L);
    }
  }

  /** The stream may undo steps from before the first retained event. */
  @Test
  void revisionsOfDeletedEventsAreConsistent() {
    for (int cut = 1; cut < 60; cut += 7) {
      try (RecordedStream stream = stream(false)) {
        stream.activate(1, PLAIN, null);
        stream.activate(2, DILATED, 70 * HOUR);
        events(120).forEach(stream::send);

        VerifyReport report = stream.verify(VerifyScope.everything(10), cut, 0);

        assertConsistent(report);
        assertThat(report.get(VerifyCount.COMPARED)).as("cut %d", cut).isGreaterThan(50);
      }
    }
  }

  @Test
  void undoLogIsBoundedAndDeletedWithSeries() {
    try (RecordedStream stream = stream(false)) {
      stream.activate(1, DILATED, null);
      int max = 0;
      for (Observation event : events(300)) {
        stream.send(event);
        max = Math.max(max, stream.entries(ForecastTopology.UNDO_LOGS));
      }
      // For each of 2 series: a header, 2 snapshots, 2·5 steps, and for each snapshot the entries
      // that its steps overwrite: 3 ring slots, a segment written, a segment deleted, the pending
      // forecast and the shifts.
      assertThat(max).isLessThanOrEqualTo(2 * (1 + 2 + 2 * WINDOW + 2 * 7));

      stream.send("series-0", null, 0);
      stream.send("series-1", null, 0);

      assertThat(stream.entries(ForecastTopology.UNDO_LOGS)).isZero();
      assertThat(stream.entries(ForecastTopology.WINDOWS)).isZero();
    }
  }

  @Test
  void noUndoLogIfLateObservationsAreDropped() {
    try (RecordedStream stream = new RecordedStream(folder)) {
      assertThat(stream.entries(ForecastTopology.UNDO_LOGS)).isEqualTo(-1);
    }
  }

  private RecordedStream stream(boolean gathers) {
    Duration lateness = gathers ? Duration.ofMinutes(20) : Duration.ZERO;
    return new RecordedStream(
        folder,
        StreamPoliciesBuilder.policies()
            .lateness(new LatenessPolicy(lateness, 64, false, WINDOW, Duplicates.LAST))
            .nullDeletes(true)
            .build());
  }

  private static byte[] gathering(CellKind kind) {
    return RecordedStream.mean(kind, 1);
  }

  private static long revised(RecordedStream stream) {
    long revised = 0;
    for (int i = 0; i < stream.forecasts.size(); i++) {
      revised += stream.published(i).forecast().origin().quality().revision() > 0 ? 1 : 0;
    }
    return revised;
  }

  /** Two events an hour, with gaps and corrections; some are so late that they are dropped. */
  private static List<Observation> events(int hours) {
    record Arrival(long time, Observation observation) {}
    SplittableRandom random = new SplittableRandom(5);
    List<Arrival> all = new ArrayList<>();
    for (int half = 0; half < 2 * hours; half++) {
      for (int series = 0; series < 2; series++) {
        if (random.nextInt(6) == 0 || (half > 100 && half < 112)) {
          continue;
        }
        long time = half * HOUR / 2 + series;
        double value = 10 * series + 3 * StrictMath.sin(half / 9.0);
        long delay = random.nextInt(4) == 0 ? random.nextLong((WINDOW + 1) * HOUR) : 0;
        all.add(new Arrival(time + delay, new Observation("series-" + series, time, value)));
        if (random.nextInt(8) == 0) {
          long corrected = time + random.nextLong((WINDOW + 1) * HOUR);
          double correction = value + random.nextInt(-1, 2);
          all.add(new Arrival(corrected, new Observation("series-" + series, time, correction)));
        }
      }
    }
    all.sort(Comparator.comparingLong(Arrival::time));
    return all.stream().map(Arrival::observation).toList();
  }
}
