package io.eddy.kafka.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.event.DeadLetters;
import io.eddy.kafka.event.EventEncoding;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventOrigin;
import io.eddy.kafka.event.EventTime;
import io.eddy.kafka.event.KeyEncoding;
import io.eddy.kafka.event.SeriesKey;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.verify.AlteredForecasts;
import io.eddy.kafka.verify.ReportAssertions;
import io.eddy.kafka.verify.VerifyCount;
import io.eddy.kafka.verify.VerifyReport;
import io.eddy.model.Model;
import io.eddy.model.io.ModelFile;
import io.eddy.series.Observation;
import io.eddy.series.time.TimestampFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events whose fields name the series, and events of several series. */
class MappedEventsTest {
  private static final long HOUR = RecordedStream.HOUR;
  private static final EventMapping KEYED =
      new EventMapping(
          EventEncoding.of(EventFormat.JSON),
          new SeriesKey(List.of("site", "tag"), "/"),
          EventTime.ofField("at", TimestampFormat.S),
          List.of("v"),
          List.of());
  private static final EventMapping SEVERAL =
      new EventMapping(
          EventEncoding.of(EventFormat.JSON),
          SeriesKey.RECORD_KEY,
          EventTime.ofField("at", TimestampFormat.S),
          List.of("t", "h"),
          List.of());

  @TempDir Path folder;

  @Test
  void rekeysEventsBySeriesFields() {
    try (RecordedStream stream = new RecordedStream(folder, KEYED)) {
      stream.activate(1, RecordedStream.GRU, null);
      for (int hour = 0; hour < 30; hour++) {
        send(
            stream,
            "device-" + hour % 3,
            "{\"site\":\"n\",\"tag\":%d,\"at\":%d,\"v\":%s}"
                .formatted(hour % 2, hour * 3600L, value(hour)),
            5);
      }

      assertThat(stream.keyed)
          .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
          .hasSize(30)
          .startsWith("n/0", "n/1", "n/0");
      assertThat(header(stream.keyed.get(4), EventOrigin.POSITION)).isEqualTo("sensor-events-0@4");
      assertThat(header(stream.keyed.get(4), EventOrigin.KEY)).isEqualTo("device-1");
      assertForecasts(
          stream,
          Map.of(
              "n/0", observations("n/0", 0, 2, 30, 1),
              "n/1", observations("n/1", 1, 2, 30, 1)));
      assertThat(decode(stream.forecasts.get(7)).source())
          .isEqualTo(new SourcePosition("keyed-events", 0, 7));
      ReportAssertions.assertConsistent(stream.verify());
      assertThat(stream.verify().get(VerifyCount.COMPARED)).isEqualTo(30);
    }
  }

  @Test
  void deadLettersKeepTheirOriginalKey() {
    try (RecordedStream stream = new RecordedStream(folder, KEYED)) {
      send(stream, "device", "{\"site\":\"n\",\"tag\":1,\"at\":3600,\"v\":1}", 5);
      send(stream, "device", "{\"site\":\"n\",\"at\":3600,\"v\":1}", 5);

      assertThat(stream.letters).hasSize(2);
      assertThat(stream.keyed).hasSize(1);
      TestRecord<byte[], byte[]> unserved = stream.letters.get(0);
      assertThat(new String(unserved.key(), StandardCharsets.UTF_8)).isEqualTo("device");
      assertThat(header(unserved, "__streams.errors.topic")).isEqualTo("keyed-events");
      TestRecord<byte[], byte[]> unnamed = stream.letters.get(1);
      assertThat(new String(unnamed.key(), StandardCharsets.UTF_8)).isEqualTo("device");
      assertThat(header(unnamed, "__streams.errors.topic")).isEqualTo("sensor-events");
      assertThat(header(unnamed, "__streams.errors.message"))
          .isEqualTo("field tag is missing: expected a part of the series name");
    }
  }

  @Test
  void badValueDoesNotAffectOtherValues() {
    try (RecordedStream stream = new RecordedStream(folder, SEVERAL)) {
      stream.activate(1, RecordedStream.GRU, null);
      for (int hour = 0; hour < 30; hour++) {
        String other = hour == 9 ? "\"broken\"" : Double.toString(2 * value(hour));
        send(
            stream,
            "n",
            "{\"at\":%d,\"t\":%s,\"h\":%s}".formatted(hour * 3600L, value(hour), other),
            5);
      }
      send(stream, "n", "{\"at\":%d,\"t\":1e36,\"h\":\"x\"}".formatted(30 * 3600L), 5);
      send(stream, "n", "{\"at\":%d,\"h\":1}".formatted(31 * 3600L), 5);

      List<Observation> temperature = observations("n/t", 0, 1, 30, 1);
      List<Observation> humidity =
          new java.util.ArrayList<>(
              observations("n/h", 0, 1, 30, 2).stream()
                  .filter(observation -> observation.timestampMs() != 9 * HOUR)
                  .toList());
      humidity.add(new Observation("n/h", 31 * HOUR, 1));
      assertForecasts(stream, Map.of("n/t", temperature, "n/h", humidity));
      assertThat(stream.letters).hasSize(2);
      assertThat(header(stream.letters.get(0), "__streams.errors.message"))
          .isEqualTo("h: expected a number; events.value-words gives numbers for words");
      assertThat(DeadLetters.rejectedSeries(stream.letters.get(0).headers()))
          .containsExactly("n/h");
      assertThat(header(stream.letters.get(1), "__streams.errors.message"))
          .isEqualTo(
              "t: expected a number within ±1e35; h: expected a number; events.value-words"
                  + " gives numbers for words");
      VerifyReport report = stream.verify();
      ReportAssertions.assertConsistent(report);
      assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(60);
      assertThat(report.get(VerifyCount.DEAD_LETTERED)).isEqualTo(3);
      assertThat(report.get(VerifyCount.EVENTS)).isEqualTo(63);
    }
  }

  @Test
  void verifyReportsLostAlteredAndRepeatedForecasts() {
    try (RecordedStream stream = new RecordedStream(folder, SEVERAL)) {
      stream.activate(1, RecordedStream.GRU, null);
      for (int hour = 0; hour < 10; hour++) {
        send(
            stream,
            "n",
            "{\"at\":%d,\"t\":%d,\"h\":%d}".formatted(hour * 3600L, hour, 2 * hour),
            5);
      }
      ConsumerRecord<byte[], byte[]> twice = stream.forecasts.get(6);
      stream.append(twice);
      stream.alter(15, forecast -> AlteredForecasts.withBitFlipped(forecast, 3));
      stream.forecasts.remove(10);

      VerifyReport report = stream.verify();

      assertThat(report.get(VerifyCount.LOST)).isEqualTo(1);
      assertThat(report.get(VerifyCount.DUPLICATED)).isEqualTo(1);
      assertThat(report.get(VerifyCount.DIFFERENT)).isEqualTo(1);
      assertThat(report.get(VerifyCount.UNEXPECTED)).isZero();
      Map<VerifyCount, String> series = new TreeMap<>();
      report
          .differences()
          .forEach(difference -> series.put(difference.kind(), difference.series()));
      assertThat(series)
          .containsEntry(VerifyCount.LOST, "n/t")
          .containsEntry(VerifyCount.DUPLICATED, "n/t")
          .containsEntry(VerifyCount.DIFFERENT, "n/h");
    }
  }

  @Test
  void integerKeysNameTheSeries() {
    EventMapping mapping =
        EventMapping.json(
            new SeriesKey(List.of(), "/", KeyEncoding.of("long", null, null)),
            EventTime.ofField("at", TimestampFormat.S),
            List.of("v"),
            List.of());
    try (RecordedStream stream = new RecordedStream(folder, mapping)) {
      stream.activate(1, RecordedStream.GRU, null);
      for (int hour = 0; hour < 30; hour++) {
        byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(4711 + hour % 2).array();
        String event = "{\"at\":%d,\"v\":%s}".formatted(hour * 3600L, value(hour));
        stream.send(key, event.getBytes(StandardCharsets.UTF_8), 5);
      }
      send(stream, "sensor", "{\"at\":1,\"v\":1}", 5);

      assertThat(stream.keyed).isEmpty();
      assertForecasts(
          stream,
          Map.of(
              "4711", observations("4711", 0, 2, 30, 1),
              "4712", observations("4712", 1, 2, 30, 1)));
      assertThat(stream.letters).hasSize(1);
      assertThat(header(stream.letters.get(0), "__streams.errors.message"))
          .isEqualTo("key: expected 8 bytes for events.key-format = long, got 6");
      assertThat(stream.letters.get(0).key()).isEqualTo("sensor".getBytes(StandardCharsets.UTF_8));
      VerifyReport report = stream.verify();
      ReportAssertions.assertConsistent(report);
      assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(30);
    }
  }

  @Test
  void windowedKeysAreRepartitionedByTheirSeries() {
    EventMapping mapping =
        EventMapping.json(
            new SeriesKey(List.of(), "/", KeyEncoding.of("windowed", null, null)),
            EventTime.ofField("at", TimestampFormat.S),
            List.of("v"),
            List.of());
    try (RecordedStream stream = new RecordedStream(folder, mapping)) {
      stream.activate(1, RecordedStream.GRU, null);
      for (int hour = 0; hour < 10; hour++) {
        byte[] key = ByteBuffer.allocate(9).put((byte) 'p').putLong(hour * HOUR).array();
        String event = "{\"at\":%d,\"v\":%s}".formatted(hour * 3600L, value(hour));
        stream.send(key, event.getBytes(StandardCharsets.UTF_8), 5);
      }

      assertThat(stream.keyed)
          .hasSize(10)
          .allMatch(record -> new String(record.key(), StandardCharsets.UTF_8).equals("p"));
      assertForecasts(stream, Map.of("p", observations("p", 0, 1, 10, 1)));
      ReportAssertions.assertConsistent(stream.verify());
    }
  }

  @Test
  void eachElementOfAListIsAnEvent() {
    EventMapping mapping =
        EventMapping.json(
            new SeriesKey(List.of("record", "m[].n"), "/"),
            EventTime.ofField("m[].at", TimestampFormat.S),
            List.of("m[].v"),
            List.of());
    try (RecordedStream stream = new RecordedStream(folder, mapping)) {
      stream.activate(1, RecordedStream.GRU, null);
      for (int hour = 0; hour < 30; hour += 2) {
        String bad =
            hour == 8 ? ",{\"n\":\"b\",\"at\":[],\"v\":1},{\"n\":\"c\",\"v\":\"1d\",\"at\":0}" : "";
        String elements =
            "%s,%s,%s%s"
                .formatted(
                    element("a", hour, 1), element("a", hour + 1, 1), element("b", hour, 2), bad);
        send(stream, "gw", "{\"m\":[" + elements + "]}", 5);
      }
      send(stream, "gw", "{\"m\":[]}", 5);

      assertThat(stream.keyed).hasSize(45);
      assertThat(header(stream.keyed.get(5), EventOrigin.POSITION)).isEqualTo("sensor-events-0@1");
      assertThat(header(stream.keyed.get(5), EventOrigin.KEY)).isEqualTo("gw");
      assertForecasts(
          stream,
          Map.of(
              "gw/a", observations("gw/a", 0, 1, 30, 1),
              "gw/b", observations("gw/b", 0, 2, 30, 2)));
      assertThat(stream.letters).hasSize(2);
      assertThat(DeadLetters.rejectedSeries(stream.letters.get(0).headers()))
          .containsExactlyInAnyOrder("m[3]", "gw/c");
      assertThat(header(stream.letters.get(1), "__streams.errors.message"))
          .isEqualTo("field m[].v is missing: expected a number in at least one element");
      VerifyReport report = stream.verify();
      ReportAssertions.assertConsistent(report);
      assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(45);
    }
  }

  private static String element(String name, int hour, int factor) {
    return "{\"v\":%s,\"n\":\"%s\",\"at\":%d}".formatted(factor * value(hour), name, hour * 3600L);
  }

  private static void send(RecordedStream stream, String key, String event, long timestampMs) {
    stream.send(key, event.getBytes(StandardCharsets.UTF_8), timestampMs);
  }

  private static double value(int hour) {
    return Math.rint(1000 * StrictMath.sin(hour / 4.0)) / 100;
  }

  private static List<Observation> observations(
      String series, int from, int step, int to, double factor) {
    return java.util.stream.IntStream.iterate(from, hour -> hour < to, hour -> hour + step)
        .mapToObj(hour -> new Observation(series, hour * HOUR, factor * value(hour)))
        .toList();
  }

  /** Asserts that the stream's forecasts equal those of the step function. */
  private static void assertForecasts(
      RecordedStream stream, Map<String, List<Observation>> series) {
    Model model = ModelFile.read(RecordedStream.GRU);
    int expected = 0;
    for (Map.Entry<String, List<Observation>> entry : series.entrySet()) {
      SeriesState state = SeriesState.inMemory(model);
      StepFunction steps = new StepFunction();
      List<PublishedForecast> found =
          stream.forecasts.stream()
              .map(MappedEventsTest::decode)
              .filter(each -> each.forecast().origin().series().equals(entry.getKey()))
              .toList();
      assertThat(found).hasSize(entry.getValue().size());
      for (int i = 0; i < found.size(); i++) {
        StepResult.Advanced step =
            (StepResult.Advanced) steps.apply(state, entry.getValue().get(i), model, 1);
        assertThat(found.get(i).forecast().values()).isEqualTo(step.forecast().values());
        assertThat(found.get(i).forecast().origin()).isEqualTo(step.forecast().origin());
      }
      expected += found.size();
    }
    assertThat(stream.forecasts).hasSize(expected);
  }

  private static PublishedForecast decode(ConsumerRecord<byte[], byte[]> record) {
    return new ForecastCodec()
        .decode(new String(record.key(), StandardCharsets.UTF_8), record.value());
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return text(record.headers().lastHeader(name));
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    return text(record.headers().lastHeader(name));
  }

  private static String text(Header header) {
    return new String(header.value(), StandardCharsets.UTF_8);
  }
}
