package io.eddy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.codec.EventFormat;
import io.eddy.codec.EventLimits;
import io.eddy.codec.EventMapping;
import io.eddy.codec.ForecastCodec;
import io.eddy.series.Arrival;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
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

/**
 * The catalogue of bad input: what becomes of each kind, and that nothing else is touched by it.
 */
class BadInputTest {
  private static final long HOUR = RecordedStream.HOUR;
  private static final long LATEST = 10_000 * HOUR;
  private static final EventLimits LIMITS = new EventLimits(-50, 1000, 2 * HOUR, LATEST);
  private static final byte[] KEY = utf8("a");

  /** Avro's marker, the schema's fingerprint, and a map that claims 10^9 entries. */
  private static final byte[] HUGE_AVRO =
      ByteBuffer.allocate(24).put((byte) 0xC3).put((byte) 1).putLong(1).putLong(2).array();

  @TempDir Path folder;

  static Stream<Arguments> deadLetters() {
    return Stream.of(
        dead("key null", null, json("1"), 50 * HOUR, "the key is empty"),
        dead("key empty", new byte[0], json("1"), 50 * HOUR, "the key is empty"),
        dead("key of a megabyte", new byte[1 << 20], json("1"), 50 * HOUR, "the key has 1048576"),
        dead("key no UTF-8", new byte[] {(byte) 0xC3}, json("1"), 50 * HOUR, "the key is no UTF-8"),
        dead("value null", KEY, null, 50 * HOUR, "the value is null"),
        dead("value empty", KEY, new byte[0], 50 * HOUR, "expected a JSON object"),
        dead("garbage", KEY, utf8("\u0000\u0001garbage"), 50 * HOUR, "no JSON"),
        dead("truncated", KEY, utf8("{\"value\":1"), 50 * HOUR, "no JSON"),
        dead("more after it", KEY, utf8("{\"value\":1}{}"), 50 * HOUR, "more after it"),
        dead("a list", KEY, utf8("[1,2]"), 50 * HOUR, "expected a JSON object"),
        dead("no value", KEY, utf8("{\"other\":1}"), 50 * HOUR, "value is missing"),
        dead("value a text", KEY, json("\"warm\""), 50 * HOUR, "expected a number"),
        dead("value an object", KEY, json("{}"), 50 * HOUR, "expected a number"),
        dead("value true", KEY, json("true"), 50 * HOUR, "expected a number"),
        dead("NaN", KEY, json("\"NaN\""), 50 * HOUR, "expected a finite number"),
        dead("infinite", KEY, json("1e999"), 50 * HOUR, "expected a finite number"),
        dead("out of reach", KEY, json("1e300"), 50 * HOUR, "within ±1e35"),
        dead("too small", KEY, json("-50.5"), 50 * HOUR, "expected -50.0 to 1000.0, got -50.5"),
        dead("too large", KEY, json("1000.5"), 50 * HOUR, "expected -50.0 to 1000.0"),
        dead("before the earliest", KEY, json("1"), 2 * HOUR - 1, "timestamp: expected"),
        dead("a clock years ahead", KEY, json("1"), LATEST + 1, "timestamp: expected"),
        dead("time a text", KEY, timed("\"soon\""), 0, "timestamp"),
        dead("time negative", KEY, timed("-5"), 0, "timestamp"),
        dead("time beyond a long", KEY, timed("99999999999999999999"), 0, ""),
        dead("number of a megabyte", KEY, json("1" + "0".repeat(1 << 20)), 50 * HOUR, ""),
        dead("deep", KEY, json("[".repeat(100_000)), 50 * HOUR, ""),
        dead(
            "deep beside it",
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
  void goesToTheDeadLettersAsItCameAndTheSeriesGoesOn(
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
      assertThat(letter.key()).isEqualTo(bad.key());
      assertThat(letter.value()).isEqualTo(bad.value());
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

  @Test
  void valueOfNullDeletesItsSeriesWhereThatIsChosen() {
    try (Run run = new Run(folder, true)) {
      run.send(KEY, json("20"), 10 * HOUR);
      float[] first = run.lastForecast();
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
  void auditFollowsADeletionAndALimit() {
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

      AuditReport report = stream.audit();

      ReportAssertions.assertAgreed(report);
      assertThat(report.figures())
          .containsEntry(AuditFigure.COMPARED, 47L)
          .containsEntry(AuditFigure.DELETED, 1L)
          .containsEntry(AuditFigure.DEAD_LETTERED, 1L);
    }
  }

  @Test
  void whatIsDroppedIsCountedAmongTheMetrics() {
    try (Run run = new Run(folder, false)) {
      run.send(KEY, json("20"), 10 * HOUR);
      run.send(KEY, json("20"), 10 * HOUR + 1);
      run.send(KEY, json("20"), 9 * HOUR);
      run.send(KEY, json("20"), 8 * HOUR);

      assertThat(run.metric("dropped-duplicate-total")).isEqualTo(1);
      assertThat(run.metric("dropped-late-total")).isEqualTo(2);
    }
  }

  private static StreamPolicies policies(boolean nullDeletes) {
    return new StreamPolicies(Arrival.IN_ORDER, LIMITS, nullDeletes);
  }

  private static byte[] json(String value) {
    return utf8("{\"value\":" + value + "}");
  }

  private static byte[] timed(String timestamp) {
    return utf8("{\"value\":1,\"timestamp\":" + timestamp + "}");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> headers(Headers headers, String name) {
    List<String> values = new ArrayList<>();
    for (Header header : headers.headers(name)) {
      values.add(new String(header.value(), StandardCharsets.UTF_8));
    }
    return values;
  }

  /** The topology with a model at work. */
  private static final class Run implements AutoCloseable {
    final TopologyTestDriver driver;
    final org.apache.kafka.streams.TestInputTopic<byte[], byte[]> events;
    private final org.apache.kafka.streams.TestOutputTopic<byte[], byte[]> forecasts;
    private final org.apache.kafka.streams.TestOutputTopic<byte[], byte[]> dead;

    Run(Path folder, boolean nullDeletes) {
      Properties properties = new Properties();
      properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
      properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
      properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
      TopicNames topics = TopicNames.DEFAULT;
      driver =
          new TopologyTestDriver(
              ForecastTopology.build(
                  new StreamSettings(
                      "m",
                      EventMapping.usual(EventFormat.JSON, List.of()),
                      topics,
                      ModelLimits.NONE,
                      policies(nullDeletes))),
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
      StreamFixture.putToWork(driver, RecordedStream.GRU);
    }

    void send(byte[] key, byte @Nullable [] value, long timeMs) {
      events.pipeInput(key, value, timeMs);
    }

    float[] lastForecast() {
      List<TestRecord<byte[], byte[]>> all = forecasts.readRecordsToList();
      return new ForecastCodec().decode("a", all.get(all.size() - 1).value()).forecast().values();
    }

    List<TestRecord<byte[], byte[]>> deadLetters() {
      return dead.readRecordsToList();
    }

    double metric(String name) {
      return driver.metrics().entrySet().stream()
          .filter(metric -> metric.getKey().name().equals(name))
          .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
          .sum();
    }

    @Override
    public void close() {
      driver.close();
    }
  }
}
