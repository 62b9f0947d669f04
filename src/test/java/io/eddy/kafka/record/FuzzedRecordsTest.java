package io.eddy.kafka.record;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.fuzz.DecoderFuzzer;
import io.eddy.kafka.record.InstanceStatus.SeriesCount;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Manifest;
import io.eddy.series.Interval;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mutated records of Eddy's own topics, which anybody with write access may produce. */
final class FuzzedRecordsTest {
  private static final ModelVersion VERSION = ModelVersion.of(new byte[] {1});
  private static final SourcePosition SOURCE = new SourcePosition("events", 1, 42);

  private final DecoderFuzzer fuzzer = new DecoderFuzzer(2000, InvalidRecordException.class);

  private static Forecast forecast(Interval interval) {
    Forecast.Origin origin =
        new Forecast.Origin(
            "a", interval.startMs(7), interval, new Forecast.Served(VERSION, 3), true);
    return new Forecast(origin, List.of(0.1, 0.5, 0.9), 0, new double[] {1, 2, 3, 4, 5, 6});
  }

  private static OutputFormat format(OutputFormat.Format format) {
    return new OutputFormat(format, null);
  }

  @ParameterizedTest
  @EnumSource(names = {"AVRO", "JSON"})
  void forecasts(OutputFormat.Format format) {
    ForecastCodec codec = new ForecastCodec(format(format), "forecasts");
    List<byte[]> examples =
        List.of(
            codec.encode(
                new PublishedForecast(
                    forecast(Interval.ofMillis(3_600_000)),
                    "m",
                    SOURCE,
                    new PublishedForecast.Knowledge(300, 2, 299))),
            codec.encode(new PublishedForecast(forecast(Interval.parse("P1M")), "m", SOURCE)));

    fuzzer.fuzz(value -> codec.decode("a", value), examples);
  }

  @ParameterizedTest
  @EnumSource(names = {"AVRO", "JSON"})
  void scores(OutputFormat.Format format) {
    ScoreCodec codec = new ScoreCodec(format(format), "scores");
    Score.Errors errors =
        new Score.Errors(
            new float[] {1, 2},
            new float[] {3, Float.NaN},
            new float[] {5, 6},
            new float[] {0.5f, 0, 1},
            new float[0]);
    Score score =
        new Score(
            forecast(Interval.ofMillis(3_600_000)).origin(),
            List.of(0.1, 0.5, 0.9),
            errors,
            new Score.Naive(new float[] {1, 0}, 0.5),
            new int[] {0, -1});
    List<byte[]> examples =
        List.of(
            codec.encode(new PublishedScore(score, "m", Role.SERVE)),
            codec.encode(new PublishedScore(score, "m", Role.SHADOW, "not finite")));

    fuzzer.fuzz(value -> codec.decode("a", value), examples);
  }

  @Test
  void activations() {
    ActivationCodec codec = new ActivationCodec();
    List<byte[]> examples =
        ActivationCodecTest.terms()
            .map(terms -> codec.encode(new Activation("m", 3, VERSION, terms, "because")))
            .toList();

    fuzzer.fuzz(codec::decode, examples);
  }

  @Test
  void manifests() {
    ModelRecords records = new ModelRecords();
    Manifest manifest =
        new Manifest("m", VERSION, 600_000, 2, "{}", Instant.ofEpochMilli(1_700_000_000_000L));
    List<byte[]> examples =
        List.of(
            records.encodeManifest(manifest),
            records.encodeManifest(
                manifest.withSignature("c2lnbmF0dXJl").withContextFit("{\"context\":24}")));

    fuzzer.fuzz(value -> records.decodeManifest(VERSION.sha(), value), examples);
  }

  @Test
  void statuses() {
    InstanceStatusCodec codec = new InstanceStatusCodec();
    InstanceStatus status =
        new InstanceStatus(
            new InstanceStatus.Id("eddy", "i", "m"),
            Instant.ofEpochMilli(1_700_000_000_000L),
            new InstanceStatus.Versions(List.of(VERSION), Map.of(VERSION, "too large")),
            List.of(new SeriesCount(1, new Forecast.Served(VERSION, 3), 12, 5)),
            Map.of("invalid", 7L));

    fuzzer.fuzz(codec::decode, List.of(codec.encode(status)));
  }

  @Test
  void keysOfModels() {
    fuzzer.fuzz(
        key -> ModelRecords.isPartKey(new String(key, StandardCharsets.UTF_8)),
        List.of(
            ModelRecords.manifestKey(VERSION).getBytes(StandardCharsets.UTF_8),
            ModelRecords.partKey(VERSION, 1).getBytes(StandardCharsets.UTF_8)));
  }
}
