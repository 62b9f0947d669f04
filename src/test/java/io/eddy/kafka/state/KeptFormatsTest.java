package io.eddy.kafka.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.TimestampGuardState;
import io.eddy.engine.UndoHead;
import io.eddy.engine.UndoStep;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.forecast.score.PendingForecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.record.ActivationCodec;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.InstanceStatus;
import io.eddy.kafka.record.InstanceStatusCodec;
import io.eddy.kafka.record.ModelRecords;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.PublishedScore;
import io.eddy.kafka.record.ScoreCodec;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Manifest;
import io.eddy.rollout.Scope;
import io.eddy.series.Interval;
import io.eddy.series.Observation;
import io.eddy.series.Segment;
import io.eddy.series.store.InMemorySeriesStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Reads records and states that an earlier commit wrote. When a layout changes on purpose, say in
 * the changelog how to migrate and write the files again with {@code -Deddy.formats.write=true}.
 */
final class KeptFormatsTest {
  private static final boolean IS_WRITING = Boolean.getBoolean("eddy.formats.write");
  private static final String FOLDER = "/io/eddy/kafka/state/formats/";
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int STEPS = 30;
  private static final ModelVersion VERSION = new ModelVersion("ab".repeat(32));
  private static final Forecast FORECAST =
      new Forecast(
          new Forecast.Origin(
              "a", 7 * HOUR, Interval.ofMillis(HOUR), new Forecast.Served(VERSION, 3), true),
          List.of(0.1, 0.5, 0.9),
          0,
          new double[] {1, 2, 3, 4, 5, 6});

  /** Returns a kept value; writes it first if asked to. */
  private static byte[] kept(String name, byte[] written) throws IOException {
    if (IS_WRITING) {
      Path file = Path.of("src/test/resources" + FOLDER + name + ".hex");
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, HexFormat.of().formatHex(written) + "\n");
      return written;
    }
    try (InputStream in = KeptFormatsTest.class.getResourceAsStream(FOLDER + name + ".hex")) {
      byte[] text = Objects.requireNonNull(in, name).readAllBytes();
      return HexFormat.of().parseHex(new String(text, StandardCharsets.US_ASCII).strip());
    }
  }

  @Test
  void readsForecasts() throws IOException {
    PublishedForecast.Knowledge known = new PublishedForecast.Knowledge(300, 2, 299);
    SourcePosition source = new SourcePosition("events", 1, 42);
    PublishedForecast published = new PublishedForecast(FORECAST, "m", source, known);
    for (OutputFormat.Format format : OutputFormat.Format.values()) {
      ForecastCodec codec = new ForecastCodec(new OutputFormat(format, null), "forecasts");

      PublishedForecast read =
          codec.decode("a", kept("forecast-" + format, codec.encode(published)));

      assertThat(read.forecast().origin()).isEqualTo(FORECAST.origin());
      assertThat(read.forecast().values()).isEqualTo(FORECAST.values());
      assertThat(read.source()).isEqualTo(source);
      assertThat(read.known()).isEqualTo(known);
    }
  }

  @Test
  void readsScores() throws IOException {
    Score score =
        new Score(
            FORECAST.origin(),
            FORECAST.quantileLevels(),
            new Score.Errors(
                new float[] {1, 2},
                new float[] {3, Float.NaN},
                new float[] {5, 6},
                new float[] {0.5f, 0, 1},
                new float[0]),
            new Score.Naive(new float[] {1, 0}, 0.5),
            new int[] {0, -1});
    for (OutputFormat.Format format : OutputFormat.Format.values()) {
      ScoreCodec codec = new ScoreCodec(new OutputFormat(format, null), "scores");
      byte[] written = codec.encode(new PublishedScore(score, "m", Role.SHADOW, "not finite"));

      PublishedScore read = codec.decode("a", kept("score-" + format, written));

      assertThat(read.role()).isEqualTo(Role.SHADOW);
      assertThat(read.failure()).isEqualTo("not finite");
      assertThat(read.score().origin()).isEqualTo(FORECAST.origin());
      assertThat(read.score().pinballLoss()).isEqualTo(score.pinballLoss());
      assertThat(read.score().baseAbsoluteError()).isEqualTo(score.baseAbsoluteError());
      assertThat(read.score().coverage()).isEqualTo(score.coverage());
    }
  }

  @Test
  void readsActivations() throws IOException {
    ActivationCodec codec = new ActivationCodec();
    Activation activation =
        new Activation(
            "m", 3, VERSION, Terms.serving(new Scope.Prefix("plant-7/"), 1_700_000L), "because");

    assertThat(codec.decode("m/3", kept("activation", codec.encode(activation))))
        .isEqualTo(activation);
  }

  @Test
  void readsManifests() throws IOException {
    ModelRecords records = new ModelRecords();
    Manifest manifest =
        new Manifest("m", VERSION, 600_000, 2, "{}", Instant.ofEpochMilli(1_700_000_000_000L))
            .withSignature("c2lnbmF0dXJl")
            .withContextFit("{\"context\":24}");

    assertThat(
            records.decodeManifest(
                VERSION.sha(), kept("manifest", records.encodeManifest(manifest))))
        .isEqualTo(manifest);
  }

  @Test
  void readsPendingForecasts() throws IOException {
    PendingForecast pending =
        new PendingForecast(
            FORECAST,
            new PendingForecast.Baselines(new double[] {1, 2}, new double[] {4, 5}),
            new PendingForecast.NaiveError(0.5, 3));

    PendingForecast read =
        PendingForecastCodec.decode(
            "a", kept("pending-forecast", PendingForecastCodec.encode(pending)));

    assertThat(read.forecast().values()).isEqualTo(FORECAST.values());
    assertThat(read.base()).isEqualTo(pending.base());
    assertThat(read.naive()).isEqualTo(pending.naive());
    assertThat(read.known()).isEqualTo(pending.known());
  }

  @Test
  void readsStatuses() throws IOException {
    InstanceStatusCodec codec = new InstanceStatusCodec();
    InstanceStatus status =
        new InstanceStatus(
            new InstanceStatus.Id("eddy", "i", "m"),
            Instant.ofEpochMilli(1_700_000_000_000L),
            new InstanceStatus.Versions(List.of(VERSION), Map.of(VERSION, "too large")),
            List.of(new InstanceStatus.SeriesCount(1, new Forecast.Served(VERSION, 3), 12, 5)),
            Map.of("invalid", 7L));

    assertThat(codec.decode(kept("status", codec.encode(status)))).isEqualTo(status);
  }

  @Test
  void readsModelParts() throws IOException {
    ModelRecords records = new ModelRecords();
    byte[] file = {1, 2, 3, -1};
    Manifest manifest =
        new Manifest("m", ModelVersion.of(file), file.length, 1, "{}", Instant.EPOCH);
    byte[] part = kept("model-part", records.encodePart(file, 0));

    assertThat(records.assemble(manifest, key -> part)).isEqualTo(file);
  }

  /** Each value that is read gives the same bytes when it is written again. */
  @Test
  void readsOtherValuesOfStores() throws IOException {
    Segment segment = new Segment();
    segment.setCovariate(3, "load", 2.5);
    byte[] kept = kept("segment", SegmentCodec.encode(segment));
    assertThat(SegmentCodec.encode(SegmentCodec.decode(kept))).isEqualTo(kept);

    TimestampGuardState guard = new TimestampGuardState(1, 2, 3, 4);
    kept = kept("timestamp-guard", TimestampGuardCodec.encode(guard));
    assertThat(TimestampGuardCodec.decode(kept)).isEqualTo(guard);

    Forecast.Served failed = new Forecast.Served(VERSION, 3);
    kept = kept("shadow-failure", ShadowFailureCodec.encode(failed));
    assertThat(ShadowFailureCodec.decode(kept)).isEqualTo(failed);

    UndoHead head = new UndoHead(40, 39, List.of(new UndoHead.Base(3, UndoStep.NONE, null)));
    kept = kept("undo-head", UndoLogCodec.encode(head));
    assertThat(UndoLogCodec.decodeHead(kept)).isEqualTo(head);
  }

  /** The state continues with the same bits as one that was never stored. */
  @Test
  void readsModelsAndStates() throws IOException {
    byte[] file =
        kept("model", Models.file(Models.combined(Models.specification(CellKind.LSTM, 2, 24)), 1));
    Model model = ModelFile.read(file);
    InMemorySeriesStore store = new InMemorySeriesStore();
    SeriesState state = processed(model, store);
    byte[] value = kept("state", StateCodec.encode(state, (STEPS - 1) * HOUR));

    SeriesState read = StateCodec.decode(value, model, store);

    assertThat(new EncodedState(value).served().version()).isEqualTo(model.version());
    StepFunction steps = new StepFunction();
    StepResult expected =
        steps.apply(processed(model, new InMemorySeriesStore()), event(STEPS), model, 0);
    StepResult actual = steps.apply(read, event(STEPS), model, 0);
    assertThat(((StepResult.Advanced) actual).forecast().values())
        .isEqualTo(((StepResult.Advanced) expected).forecast().values());
  }

  private static SeriesState processed(Model model, InMemorySeriesStore store) {
    SeriesState state = SeriesState.initial(model, 0, store);
    StepFunction steps = new StepFunction();
    for (int i = 0; i < STEPS; i++) {
      assertThat(steps.apply(state, event(i), model, 0)).isNotNull();
    }
    return state;
  }

  private static Observation event(int hour) {
    return new Observation("a", hour * HOUR, StrictMath.sin(hour / 3.0));
  }
}
