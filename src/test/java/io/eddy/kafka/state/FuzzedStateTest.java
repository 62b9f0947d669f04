package io.eddy.kafka.state;

import io.eddy.admission.TimestampGuardState;
import io.eddy.engine.UndoHead;
import io.eddy.engine.UndoStep;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.score.PendingForecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.fuzz.DecoderFuzzer;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.Interval;
import io.eddy.series.Observation;
import io.eddy.series.Segment;
import io.eddy.series.store.InMemorySeriesStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Mutated bytes of state stores, as of a damaged disk. A decoder that notices them may throw any
 * exception, which ends the stream thread; it must not exhaust the memory or never end.
 */
final class FuzzedStateTest {
  private static final long HOUR = Models.INTERVAL.toMillis();

  private final DecoderFuzzer fuzzer = new DecoderFuzzer(2000, RuntimeException.class);

  @ParameterizedTest
  @EnumSource(names = {"FIRST", "MEAN", "LAST"})
  void seriesStates(Aggregation aggregation) {
    Model model =
        ModelFile.read(
            Models.file(
                Models.combined(Models.specification(CellKind.LSTM, 2, 24, aggregation)), 1));
    InMemorySeriesStore store = new InMemorySeriesStore();
    SeriesState state = SeriesState.initial(model, 0, store);
    StepFunction steps = new StepFunction();
    List<byte[]> examples = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      var unused =
          steps.apply(state, new Observation("a", i * HOUR + 5, StrictMath.sin(i)), model, 0);
      if (i % 20 == 1) {
        examples.add(StateCodec.encode(state, i * HOUR));
      }
    }
    fuzzer.fuzz(value -> StateCodec.decode(value, model, store), examples);
  }

  @Test
  void segments() {
    Segment plain = new Segment();
    Segment withCovariates = new Segment();
    withCovariates.setCovariate(3, "load", 2.5);
    fuzzer.fuzz(
        SegmentCodec::decode,
        List.of(SegmentCodec.encode(plain), SegmentCodec.encode(withCovariates)));
  }

  @Test
  void pendingForecasts() {
    Forecast.Origin origin =
        new Forecast.Origin(
            "a",
            7 * HOUR,
            Interval.ofMillis(HOUR),
            new Forecast.Served(new ModelVersion("ab".repeat(32)), 3),
            true);
    PendingForecast pending =
        new PendingForecast(
            new Forecast(origin, List.of(0.5), 0, new double[] {1, 2, 3}),
            new PendingForecast.Baselines(new double[] {1, 2, 3}, new double[] {4, 5, 6}),
            new PendingForecast.NaiveError(0.5, 3));
    fuzzer.fuzz(
        value -> PendingForecastCodec.decode("a", value),
        List.of(PendingForecastCodec.encode(pending)));
  }

  @Test
  void smallValues() {
    fuzzer.fuzz(
        TimestampGuardCodec::decode,
        List.of(TimestampGuardCodec.encode(new TimestampGuardState(1, 2, 3, 4))));
    fuzzer.fuzz(
        ShadowFailureCodec::decode,
        List.of(
            ShadowFailureCodec.encode(new Forecast.Served(new ModelVersion("ab".repeat(32)), 3))));
    fuzzer.fuzz(
        UndoLogCodec::decodeHead,
        List.of(
            UndoLogCodec.encode(
                new UndoHead(40, 39, List.of(new UndoHead.Base(3, UndoStep.NONE, null))))));
  }
}
