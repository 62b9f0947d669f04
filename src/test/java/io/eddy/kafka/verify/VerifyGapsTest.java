package io.eddy.kafka.verify;

import static io.eddy.kafka.stream.RecordedStream.HOUR;
import static io.eddy.kafka.stream.RecordedStream.observation;
import static io.eddy.kafka.verify.ReportAssertions.assertConsistent;
import static io.eddy.kafka.verify.ReportAssertions.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.stream.RecordedStream;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.WarmUpIntervals;
import io.eddy.nn.CellKind;
import io.eddy.series.GapFilling;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Verification fills gaps like the stream, which keeps its state in stores. */
class VerifyGapsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(GapFilling.class)
  void agreesAcrossGapsAndVersionSwitches(GapFilling gaps) {
    try (RecordedStream stream = new RecordedStream(folder)) {
      ModelSpecification plain = Models.calibrated(Models.specification(CellKind.GRU, 8, 24));
      ModelSpecification dilated =
          Models.withLayers(Models.specification(CellKind.LSTM, 6, 24), List.of(1, 3), 2);
      stream.activate(1, file(plain, gaps), null);
      stream.activate(2, file(dilated, gaps), 60 * HOUR);
      stream.activate(3, file(plain, GapFilling.MEDIAN), 120 * HOUR);
      sendWithGaps(stream, 0, 180);

      VerifyReport report = stream.verify();

      assertConsistent(report);
      assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(stream.forecasts.size());
      assertThat(stream.epochs("series-0")).contains(1L, 2L, 3L);
    }
  }

  @ParameterizedTest
  @EnumSource(GapFilling.class)
  void combinationAgreesAcrossGapsAndVersionSwitches(GapFilling gaps) {
    try (RecordedStream stream = new RecordedStream(folder)) {
      ModelSpecification plain = Models.calibrated(Models.specification(CellKind.GRU, 8, 24));
      ModelSpecification oneSeason =
          plain.withCombination(Models.combination(List.of(7), List.of(1, 4)));
      stream.activate(1, file(Models.combined(plain), gaps), null);
      stream.activate(2, file(oneSeason, gaps), 60 * HOUR);
      stream.activate(3, file(plain, gaps), 100 * HOUR);
      stream.activate(4, file(Models.combined(plain), gaps), 130 * HOUR);
      sendWithGaps(stream, 0, 180);

      VerifyReport report = stream.verify();

      assertConsistent(report);
      assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(stream.forecasts.size());
      assertThat(stream.epochs("series-0")).contains(1L, 2L, 3L, 4L);
    }
  }

  /** Filled values may depend on deleted steps. */
  @Test
  void stateFilledFromUnknownForecastsIsUnknown() {
    try (RecordedStream stream = new RecordedStream(folder)) {
      ModelSpecification plain = Models.specification(CellKind.GRU, 8, 24);
      stream.activate(1, file(plain, GapFilling.MEDIAN), null);
      stream.activate(2, file(plain, GapFilling.LAST), 60 * HOUR);
      sendWithGaps(stream, 0, 100);

      VerifyReport report = stream.verify(VerifyScope.everything(10), 30, 30);

      assertConsistent(report);
      assertThat(report.get(VerifyCount.COMPARED)).isZero();
    }
  }

  @Test
  void stateFilledFromLastValuesIsKnown() {
    try (RecordedStream stream = new RecordedStream(folder)) {
      ModelSpecification plain = Models.specification(CellKind.GRU, 8, 24);
      stream.activate(1, file(plain, GapFilling.LAST), null);
      stream.activate(2, file(Models.calibrated(plain), GapFilling.LAST), 60 * HOUR);
      sendWithGaps(stream, 0, 100);

      VerifyReport report = stream.verify(VerifyScope.everything(10), 30, 30);

      assertConsistent(report);
      assertThat(report.get(VerifyCount.COMPARED)).isGreaterThan(50);
    }
  }

  @Test
  void warmUpIntervalsAgreeAcrossLongGaps() {
    WarmUpIntervals intervals =
        new WarmUpIntervals(List.of(0.5), List.of(List.of(3.0), List.of(2.0)));
    ModelSpecification plain =
        Models.calibrated(Models.specification(CellKind.GRU, 8, 24)).withWarmUpIntervals(intervals);
    try (RecordedStream stream = new RecordedStream(folder)) {
      stream.activate(1, Models.file(plain, 1), null);
      stream.activate(2, Models.file(plain, 2), 22 * HOUR);
      stream.sendHours(0, 10);
      stream.sendHours(20, 50);

      VerifyReport report = stream.verify();

      assertConsistent(report);
      assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(stream.forecasts.size());
      stream.alter(0, published -> AlteredForecasts.withBitFlipped(published, 0));
      assertFault(stream.verify(), VerifyCount.DIFFERENT, "value");
    }
  }

  private static byte[] file(ModelSpecification specification, GapFilling gaps) {
    return Models.file(Models.withGaps(specification, gaps), 1);
  }

  /** Omits one to three of ten hours, at another time for each series. */
  private static void sendWithGaps(RecordedStream stream, int from, int to) {
    for (int hour = from; hour < to; hour++) {
      for (int series = 0; series < RecordedStream.SERIES; series++) {
        if ((hour + series) % 10 > series) {
          stream.send(observation(series, hour));
        }
      }
    }
  }
}
