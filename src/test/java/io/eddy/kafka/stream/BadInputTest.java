package io.eddy.kafka.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.EventLimits;
import io.eddy.admission.RejectionKind;
import io.eddy.admission.SeriesLimits;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.config.StreamSettingsBuilder;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.registry.ModelLoader;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.verify.ReportAssertions;
import io.eddy.kafka.verify.VerifyCount;
import io.eddy.kafka.verify.VerifyReport;
import io.eddy.series.Observation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of bad input goes to the dead letters and affects nothing else. */
class BadInputTest {
  private static final long HOUR = RecordedStream.HOUR;
  private static final long LATEST = 10_000 * HOUR;
  private static final EventLimits LIMITS = new EventLimits(-50, 1000, 2 * HOUR, LATEST, 24 * HOUR);
  private static final byte[] KEY = utf8("a");

  /** Default of the producer's setting max.request.size. */
  private static final int MAX_REQUEST_SIZE = 1 << 20;

  /** Avro's marker, the schema's fingerprint, and a map of 10^9 declared entries. */
  private static final byte[] HUGE_AVRO =
      ByteBuffer.allocate(24).put((byte) 0xC3).put((byte) 1).putLong(1).putLong(2).array();

  @TempDir Path folder;

  static Stream<Arguments> deadLetters() {
    return Stream.of(
        dead("key null", null, json("1"), 50 * HOUR, "key is empty"),
        dead("key empty", new byte[0], json("1"), 50 * HOUR, "key is empty"),
        dead(
            "key of a megabyte",
            new byte[1 << 20],
            json("1"),
            50 * HOUR,
            "key: expected at most 1024 bytes, got 1048576"),
        dead(
            "key no UTF-8",
            new byte[] {(byte) 0xC3},
            json("1"),
            50 * HOUR,
            "key is not valid UTF-8"),
        dead("value null", KEY, null, 50 * HOUR, "value is null"),
        dead("value empty", KEY, new byte[0], 50 * HOUR, "expected a JSON object"),
        dead("garbage", KEY, utf8("\u0001garbage"), 50 * HOUR, "not valid JSON"),
        dead("word", KEY, utf8("{not json"), 50 * HOUR, "not valid JSON"),
        dead("word at the end", KEY, utf8("{\"value\": nan"), 50 * HOUR, "not valid JSON"),
        dead("truncated", KEY, utf8("{\"value\":1"), 50 * HOUR, "not valid JSON"),
        dead("more after it", KEY, utf8("{\"value\":1}{}"), 50 * HOUR, "trailing content"),
        dead("a list", KEY, utf8("[1,2]"), 50 * HOUR, "expected a JSON object"),
        dead("no value", KEY, utf8("{\"other\":1}"), 50 * HOUR, "value is missing"),
        dead("value a text", KEY, json("\"warm\""), 50 * HOUR, "expected a number"),
        dead("value an object", KEY, json("{}"), 50 * HOUR, "expected a number"),
        dead("value null in JSON", KEY, json("null"), 50 * HOUR, "value is missing"),
        dead("minus infinity", KEY, json("-1e999"), 50 * HOUR, "expected a finite number"),
        dead("value true", KEY, json("true"), 50 * HOUR, "expected a number"),
        dead("NaN", KEY, json("\"NaN\""), 50 * HOUR, "field value is missing (null, NaN or empty)"),
        dead("infinite", KEY, json("1e999"), 50 * HOUR, "expected a finite number"),
        dead("out of reach", KEY, json("1e300"), 50 * HOUR, "within ±1e35"),
        dead("too small", KEY, json("-50.5"), 50 * HOUR, "expected -50.0 to 1000.0"),
        dead("too large", KEY, json("1000.5"), 50 * HOUR, "expected -50.0 to 1000.0"),
        dead("before the earliest", KEY, json("1"), 2 * HOUR - 1, "timestamp: expected"),
        dead("after the latest", KEY, json("1"), LATEST + 1, "timestamp: expected"),
        dead("a clock years ahead", KEY, json("1"), 8_900 * HOUR, "at most PT8784H ahead of the"),
        dead(
            "ahead of its record", KEY, timed(75 * HOUR), 50 * HOUR, "PT24H ahead of the record's"),
        dead(
            "microseconds for ms",
            KEY,
            timed("1767225600000000"),
            50 * HOUR,
            "looks like epoch microseconds"),
        dead("the last time of all", KEY, timed("9223372036854775807"), 50 * HOUR, "in any unit"),
        dead("time a list", KEY, timed("[1]"), 0, "timestamp"),
        dead("time a fraction", KEY, timed("1.5"), 0, "timestamp"),
        dead("time null", KEY, timed("null"), 0, "timestamp"),
        dead("a new series too many", utf8("b"), json("1"), 50 * HOUR, "series.max-per-partition"),
        dead("time a text", KEY, timed("\"soon\""), 0, "timestamp"),
        dead("time negative", KEY, timed("-5"), 0, "timestamp"),
        dead("time beyond a long", KEY, timed("99999999999999999999"), 0, ""),
        dead("number of a megabyte", KEY, json("1" + "0".repeat(1 << 20)), 50 * HOUR, ""),
        dead("deep", KEY, json("[".repeat(100_000)), 50 * HOUR, ""),
        dead(
            "deep next to it",
            KEY,
            utf8("{\"x\":" + "[".repeat(5000) + "]".repeat(5000) + ",\"value\":1}"),
            50 * HOUR,
            ""),
        dead("a huge list", KEY, json("[" + "1,".repeat(400_000) + "1]"), 50 * HOUR, ""),
        dead("Avro that claims much", KEY, HUGE_AVRO, 50 * HOUR, ""));
  }

  private static Arguments dead(
      String name, byte @Nullable [] key, byte @Nullable [] value, long timeMs, String message) {
    return Arguments.of(name, new TestRecord<>(key, value, new RecordHeaders(), timeMs), message);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("deadLetters")
  void deadLettersBadRecordUnchangedUpToProducersLimit(
      String name, TestRecord<byte[], byte[]> bad, String message) {
    try (Run with = new Run(folder.resolve("with"), false);
        Run without = new Run(folder.resolve("without"), false)) {
      for (int hour = 10; hour < 15; hour++) {
        with.send(KEY, json("20"), hour * HOUR);
        without.send(KEY, json("20"), hour * HOUR);
      }
      bad.headers().add("mine", utf8("kept"));
      bad.headers().add("__streams.errors.offset", utf8("9999"));
      with.events.pipeInput(bad);
      with.send(KEY, json("21"), 15 * HOUR);
      without.send(KEY, json("21"), 15 * HOUR);

      List<TestRecord<byte[], byte[]>> letters = with.deadLetters();
      assertThat(letters).hasSize(1);
      TestRecord<byte[], byte[]> letter = letters.get(0);
      if (length(bad.key()) + length(bad.value()) < MAX_REQUEST_SIZE) {
        assertThat(letter.key()).isEqualTo(bad.key());
        assertThat(letter.value()).isEqualTo(bad.value());
        assertThat(headers(letter.headers(), "eddy.truncated")).isEmpty();
      } else {
        assertCutOff(letter, bad);
      }
      assertThat(headers(letter.headers(), "mine")).containsExactly("kept");
      assertThat(headers(letter.headers(), "__streams.errors.offset")).containsExactly("5");
      assertThat(headers(letter.headers(), "__streams.errors.topic"))
          .containsExactly("sensor-events");
      assertThat(headers(letter.headers(), "__streams.errors.message").get(0))
          .contains(message)
          .hasSizeLessThan(1100);
      assertThat(with.lastForecast()).isEqualTo(without.lastForecast());
    }
  }

  /** Bad bytes after the event's time and value, by Avro schema. */
  static Stream<Arguments> deadLettersOfAvro() {
    return Stream.of(
        avro("nothing", new byte[0], "not a single-object encoded SensorEvent"),
        avro("a header alone", avroEvent(bytes -> bytes.position(10)), "not a single-object"),
        avro("another schema", new byte[] {(byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8}, "not a single"),
        avro("another marker", new byte[] {0x51, 2, 3}, "not a single-object"),
        avro(
            "a map of a billion covariates",
            avroEvent(bytes -> number(bytes.put((byte) 2), 1_000_000_000)),
            "not a single-object"),
        avro(
            "a name of two gigabytes",
            avroEvent(bytes -> number(number(bytes.put((byte) 2), 1), Integer.MAX_VALUE)),
            "not a single-object"),
        avro(
            "a name of a negative length",
            avroEvent(bytes -> number(number(bytes.put((byte) 2), 1), -5)),
            "not a single-object"),
        avro(
            "a list of a billion steps ahead",
            avroEvent(
                bytes -> {
                  number(bytes.put((byte) 0).put((byte) 2), 1);
                  return number(number(bytes, 1).put((byte) 'x'), 1_000_000_000);
                }),
            "not a single-object"),
        avro("a branch that is none", avroEvent(bytes -> bytes.put((byte) 8)), "not a single"),
        avro("NaN", avroEvent(Double.NaN), "field value is missing (null, NaN or empty)"),
        avro(
            "infinite",
            avroEvent(Double.NEGATIVE_INFINITY),
            "field value is missing (null, NaN or empty)"),
        avro("out of reach", avroEvent(1e300), "within ±1e35"));
  }

  private static Arguments avro(String name, byte[] value, String message) {
    return Arguments.of(name, value, message);
  }

  private static byte[] avroEvent(double value) {
    return avroEvent(
        bytes -> {
          number(bytes.position(10), 50 * HOUR);
          bytes.order(ByteOrder.LITTLE_ENDIAN).putDouble(value);
          return bytes.put((byte) 0).put((byte) 0);
        });
  }

  /** Marker, fingerprint, time and value of a good event, followed by {@code rest}. */
  private static byte[] avroEvent(UnaryOperator<ByteBuffer> rest) {
    byte[] good = new EventEncoder(EventFormat.AVRO).encode(new Observation("a", 50 * HOUR, 2.5));
    ByteBuffer bytes = ByteBuffer.allocate(256).put(good, 0, good.length - 2);
    byte[] event = new byte[rest.apply(bytes).position()];
    bytes.flip().get(event);
    return event;
  }

  /** Encodes a long in Avro's binary format. */
  private static ByteBuffer number(ByteBuffer bytes, long number) {
    long zigzag = number << 1 ^ number >> 63;
    for (; (zigzag & ~0x7FL) != 0; zigzag >>>= 7) {
      bytes.put((byte) (0x80 | (zigzag & 0x7F)));
    }
    return bytes.put((byte) zigzag);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("deadLettersOfAvro")
  void deadLettersBadAvroUnchanged(String name, byte[] value, String message) {
    try (Run run = new Run(folder, EventFormat.AVRO, false)) {
      EventEncoder encoder = new EventEncoder(EventFormat.AVRO);
      run.send(KEY, encoder.encode(new Observation("a", 49 * HOUR, 2.5)), 49 * HOUR);
      run.send(KEY, value, 50 * HOUR);
      run.send(KEY, encoder.encode(new Observation("a", 50 * HOUR, 2.5)), 50 * HOUR);

      assertThat(run.forecasts.readRecordsToList()).hasSize(2);
      List<TestRecord<byte[], byte[]>> letters = run.deadLetters();
      assertThat(letters).hasSize(1);
      assertThat(letters.get(0).value()).isEqualTo(value);
      assertThat(headers(letters.get(0).headers(), "__streams.errors.message").get(0))
          .contains(message)
          .hasSizeLessThan(100);
    }
  }

  /** Values containing 4711 where a parser might quote it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"value\":\"x4711\"}",
        "{\"value\":4711.5}",
        "{\"value\":-4711}",
        "{\"value\":4711e40}",
        "{\"value\":4711e400}",
        "{\"value\":1,\"timestamp\":\"at 4711\"}",
        "{\"value\":1,\"timestamp\":-4711}",
        "{\"value\":1,\"timestamp\":4711}",
        "{\"value\":1,\"timestamp\":4711.5}",
        "{\"value\":1,\"timestamp\":47110000000000000000000000}",
        "{\"value\":1,\"timestamp\":4711000000000000}",
        "{\"value\":x4711}",
        "{\"value\":1} 4711",
        "x4711",
        "\"4711\"",
        "{4711:1}",
        "{\"value\":\"4711\u0001\"}"
      })
  void headersDoNotQuoteTheRecord(String value) {
    try (Run run = new Run(folder, false)) {
      run.send(KEY, utf8(value), 50 * HOUR);

      List<TestRecord<byte[], byte[]>> letters = run.deadLetters();
      assertThat(letters).hasSize(1);
      for (Header header : letters.get(0).headers()) {
        assertThat(new String(header.value(), StandardCharsets.UTF_8))
            .as(header.key())
            .doesNotContain("4711");
      }
    }
  }

  @Test
  void nullDeletesSeriesIfConfigured() {
    try (Run run = new Run(folder, true)) {
      run.send(KEY, json("20"), 10 * HOUR);
      double[] first = run.lastForecast();
      for (int hour = 11; hour < 60; hour++) {
        run.send(KEY, json(Integer.toString(hour)), hour * HOUR);
      }
      run.send(KEY, null, 60 * HOUR);

      assertThat(run.deadLetters()).isEmpty();
      assertThat(run.driver.<String, byte[]>getKeyValueStore("series-state").get("a")).isNull();
      try (var windows = run.driver.getKeyValueStore("series-window").all()) {
        assertThat(windows.hasNext()).isFalse();
      }
      run.send(KEY, json("20"), 10 * HOUR);
      assertThat(run.lastForecast()).isEqualTo(first);
    }
  }

  @Test
  void verifyFollowsDeletionAndLimit() {
    try (RecordedStream stream = new RecordedStream(folder, policies(true))) {
      stream.activate(1, RecordedStream.GRU, null);
      for (int hour = 3; hour < 20; hour++) {
        stream.send(RecordedStream.observation(0, hour));
      }
      stream.send("series-0", null, 20 * HOUR);
      stream.send("series-0", json("5000"), 21 * HOUR);
      for (int hour = 10; hour < 40; hour++) {
        stream.send(RecordedStream.observation(0, hour));
      }

      VerifyReport report = stream.verify();

      ReportAssertions.assertConsistent(report);
      assertThat(report.counts())
          .containsEntry(VerifyCount.COMPARED, 47L)
          .containsEntry(VerifyCount.DELETED, 1L)
          .containsEntry(VerifyCount.DEAD_LETTERED, 1L);
    }
  }

  @Test
  void countsEventsByOutcome() {
    try (Run run = new Run(folder, false)) {
      run.send(KEY, json("20"), 10 * HOUR);
      run.send(KEY, json("20"), 10 * HOUR + 1);
      run.send(KEY, json("20"), 9 * HOUR);
      run.send(KEY, json("20"), 8 * HOUR);
      run.send(KEY, utf8("{"), 11 * HOUR);
      run.send(KEY, json("9007199254740993"), 11 * HOUR);
      run.send(utf8("second series"), json("20"), 11 * HOUR);

      StreamCounters counters = run.counters;
      assertThat(counters.events()).isEqualTo(7);
      assertThat(counters.forecasts()).isEqualTo(1);
      assertThat(counters.roundedIntegers()).isEqualTo(1);
      assertThat(counters.revisions()).isZero();
      assertThat(counters.dropped(StepResult.Reason.DUPLICATE)).isEqualTo(1);
      assertThat(counters.dropped(StepResult.Reason.LATE)).isEqualTo(2);
      assertThat(counters.late()).isEqualTo(2);
      assertThat(counters.deadLetters(RejectionKind.INVALID)).isEqualTo(2);
      assertThat(counters.deadLetters(RejectionKind.SERIES_LIMIT)).isEqualTo(1);
      assertThat(counters.deadLetters(RejectionKind.NO_VERSION)).isZero();
      assertThat(count(counters.processing())).isEqualTo(7);
      assertThat(count(counters.latency())).isEqualTo(1);
    }
  }

  private static long count(Histogram histogram) {
    return histogram.snapshot().counts().stream().mapToLong(Long::longValue).sum();
  }

  private static StreamPolicies policies(boolean nullDeletes) {
    SeriesLimits series = nullDeletes ? SeriesLimits.DEFAULT : SeriesLimits.DEFAULT.with(1);
    return StreamPoliciesBuilder.policies()
        .limits(LIMITS)
        .series(series)
        .nullDeletes(nullDeletes)
        .build();
  }

  private static byte[] json(String value) {
    return utf8("{\"value\":" + value + "}");
  }

  private static byte[] timed(long timestampMs) {
    return timed("\"" + Instant.ofEpochMilli(timestampMs) + "\"");
  }

  private static byte[] timed(String timestamp) {
    return utf8("{\"value\":1,\"timestamp\":" + timestamp + "}");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Asserts that a dead letter has the beginning of the record and states its size. */
  private static void assertCutOff(
      TestRecord<byte[], byte[]> letter, TestRecord<byte[], byte[]> bad) {
    assertThat(bad.key()).startsWith(letter.key());
    assertThat(bad.value()).startsWith(letter.value());
    assertThat(length(letter.key()) + length(letter.value())).isBetween(1, MAX_REQUEST_SIZE);
    assertThat(headers(letter.headers(), "eddy.truncated"))
        .singleElement()
        .asString()
        .startsWith("key %d, value %d,".formatted(length(bad.key()), length(bad.value())));
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static List<String> headers(Headers headers, String name) {
    List<String> values = new ArrayList<>();
    for (Header header : headers.headers(name)) {
      values.add(new String(header.value(), StandardCharsets.UTF_8));
    }
    return values;
  }

  /** A topology with a serving model. */
  private static final class Run implements AutoCloseable {
    final StreamCounters counters = new StreamCounters();
    final TopologyTestDriver driver;
    final org.apache.kafka.streams.TestInputTopic<byte[], byte[]> events;
    private final org.apache.kafka.streams.TestOutputTopic<byte[], byte[]> forecasts;
    private final org.apache.kafka.streams.TestOutputTopic<byte[], byte[]> dead;

    Run(Path folder, boolean nullDeletes) {
      this(folder, EventFormat.JSON, nullDeletes);
    }

    Run(Path folder, EventFormat format, boolean nullDeletes) {
      Properties properties = new Properties();
      properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
      properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
      properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
      TopicNames topics = TopicNames.DEFAULT;
      StreamSettings settings =
          StreamSettingsBuilder.settings("m")
              .events(EventMapping.defaults(format, List.of()))
              .topics(topics)
              .policies(policies(nullDeletes))
              .build();
      driver =
          new TopologyTestDriver(
              ForecastTopology.build(
                  settings,
                  new ModelCatalog(ModelLoader.of(settings)),
                  counters,
                  new WatchedForecasts()),
              properties);
      events =
          driver.createInputTopic(
              topics.events(), new ByteArraySerializer(), new ByteArraySerializer());
      forecasts =
          driver.createOutputTopic(
              topics.forecasts(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
      dead =
          driver.createOutputTopic(
              topics.deadLetters(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
      TopologyFixture.publishAndActivate(driver, RecordedStream.GRU);
    }

    void send(byte[] key, byte @Nullable [] value, long timeMs) {
      events.pipeInput(key, value, timeMs);
    }

    double[] lastForecast() {
      List<TestRecord<byte[], byte[]>> all = forecasts.readRecordsToList();
      return new ForecastCodec().decode("a", all.get(all.size() - 1).value()).forecast().values();
    }

    List<TestRecord<byte[], byte[]>> deadLetters() {
      return dead.readRecordsToList();
    }

    @Override
    public void close() {
      driver.close();
    }
  }
}
