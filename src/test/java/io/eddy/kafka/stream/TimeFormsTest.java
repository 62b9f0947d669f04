package io.eddy.kafka.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.dataset.SeriesData;
import io.eddy.dataset.csv.ColumnOptions;
import io.eddy.dataset.csv.CsvObservations;
import io.eddy.dataset.csv.CsvOptions;
import io.eddy.dataset.csv.NumberOptions;
import io.eddy.dataset.csv.TextOptions;
import io.eddy.dataset.csv.TimeOptions;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.event.EventEncoding;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventTime;
import io.eddy.kafka.event.SeriesKey;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.model.Model;
import io.eddy.model.io.ModelFile;
import io.eddy.series.Observation;
import io.eddy.series.time.TimestampFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same data as a CSV file and as a topic, in each form of time: the forecasts are those of the
 * true times, bit for bit. The data begin two days before a change to summer time.
 */
class TimeFormsTest {
  private static final ZoneId LOS_ANGELES = ZoneId.of("America/Los_Angeles");
  private static final Instant BEGIN = Instant.parse("2024-03-08T08:00:00Z");
  private static final int HOURS = 72;
  private static final Model MODEL = ModelFile.read(RecordedStream.GRU);
  private static final List<Observation> TRUTH =
      IntStream.range(0, HOURS)
          .mapToObj(
              hour ->
                  new Observation(
                      "a",
                      BEGIN.plusSeconds(hour * 3600L).toEpochMilli(),
                      Math.rint(1000 * StrictMath.sin(hour / 4.0)) / 100))
          .toList();

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uuuu-MM-dd'T'HH:mm:ssXXX | auto | -",
        "uuuu-MM-dd HH:mm:ssxx | auto | -",
        "uuuu-MM-dd'T'HH:mmX | auto | -",
        "uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSSXXX | auto | -",
        "uuuu-MM-dd HH:mm:ss,SSS xx | auto | -",
        "uuuu-MM-dd'T'HH:mm:ssXXX'['VV']' | auto | -",
        "uuuu-MM-dd'T'HH:mm:ss'['VV']' | auto | -",
        "uuuuMMdd'T'HHmmssXX | auto | -",
        "uuuuMMddHHmmssXX | auto | -",
        "uuuu-DDD'T'HH:mmXXX | auto | -",
        "EEE, dd MMM uuuu HH:mm:ss xx | auto | -",
        "uuuu-MM-dd'T'HH:mm:ss | auto | America/Los_Angeles",
        "uuuu-MM-dd HH:mm:ss | auto | America/Los_Angeles",
        "uuuu-MM-dd HH:mm:ss.SSSSSS | auto | America/Los_Angeles",
        "uuuu/MM/dd HH:mm | auto | America/Los_Angeles",
        "uuuu-MM-dd h:mm:ss a | auto | America/Los_Angeles",
        "MM/dd/uuuu HH:mm | MM/dd/yyyy HH:mm | America/Los_Angeles",
        "d.M.uuuu HH:mm | d.M.yyyy HH:mm | America/Los_Angeles",
      })
  void textGivesSameForecasts(String pattern, String format, String zone) throws IOException {
    DateTimeFormatter formatter =
        DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(LOS_ANGELES);
    List<String> times =
        TRUTH.stream()
            .map(event -> formatter.format(Instant.ofEpochMilli(event.timestampMs())))
            .toList();

    assertSameForecasts(times, true, time(format, zone));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s | s | -",
        "s with fraction | s | -",
        "ms | auto | -",
        "us | us | -",
        "ns | ns | -",
        "excel | excel | America/Los_Angeles",
        "uuuuMMddHHmmss | yyyyMMddHHmmss | America/Los_Angeles",
        "uuuuMMddHHmm | yyyyMMddHHmm | America/Los_Angeles",
      })
  void numberGivesSameForecasts(String unit, String format, String zone) throws IOException {
    List<String> times = TRUTH.stream().map(event -> number(event.timestampMs(), unit)).toList();

    assertSameForecasts(times, false, time(format, zone));
  }

  private static String number(long ms, String unit) {
    LocalDateTime local = LocalDateTime.ofInstant(Instant.ofEpochMilli(ms), LOS_ANGELES);
    return switch (unit) {
      case "s" -> Long.toString(ms / 1000);
      case "s with fraction" -> ms / 1000 + ".000";
      case "ms" -> Long.toString(ms);
      case "us" -> Long.toString(ms * 1000);
      case "ns" -> Long.toString(ms * 1_000_000);
      case "excel" ->
          "%.6f"
              .formatted(local.toEpochSecond(ZoneOffset.UTC) / 86_400.0 + 25_569)
              .replace(',', '.');
      default -> DateTimeFormatter.ofPattern(unit).format(local);
    };
  }

  private static EventTime time(String format, String zone) {
    return EventTime.ofField("time", TimestampFormat.of(format))
        .withZone(zone.equals("-") ? null : ZoneId.of(zone));
  }

  private void assertSameForecasts(List<String> times, boolean isText, EventTime time)
      throws IOException {
    assertForecasts(forecastsOfFile(times, time));
    EventMapping mapping =
        EventMapping.json(SeriesKey.RECORD_KEY, time, List.of("value"), List.of());
    List<byte[]> events = new ArrayList<>();
    for (int i = 0; i < HOURS; i++) {
      String text = isText ? '"' + times.get(i) + '"' : times.get(i);
      events.add(
          "{\"time\":%s,\"value\":%s}".formatted(text, TRUTH.get(i).value()).getBytes(UTF_8));
    }
    assertForecasts(forecastsOfTopic(mapping, events));
  }

  /** Reads a CSV file without a stated format, unless it may have the day or month first. */
  private List<Forecast> forecastsOfFile(List<String> times, EventTime time) throws IOException {
    boolean isAmbiguous = time.format().id().startsWith("d.M") || time.format().id().contains("/");
    StringBuilder lines = new StringBuilder("series;timestamp;value\n");
    for (int i = 0; i < HOURS; i++) {
      lines.append("a;%s;%s%n".formatted(times.get(i), TRUTH.get(i).value()));
    }
    Path file = Files.writeString(folder.resolve("times.csv"), lines.toString());
    CsvOptions options =
        new CsvOptions(
            TextOptions.DETECT,
            ColumnOptions.DETECT,
            NumberOptions.DETECT,
            new TimeOptions(isAmbiguous ? time.format() : TimestampFormat.AUTO, time.zone()),
            null);
    SeriesData series = CsvObservations.read(file, options, List.of()).series().get(0);
    return forecasts(series.observations());
  }

  private List<Forecast> forecastsOfTopic(EventMapping mapping, List<byte[]> events) {
    try (RecordedStream stream = new RecordedStream(folder, mapping)) {
      stream.activate(1, RecordedStream.GRU, null);
      events.forEach(event -> stream.send("a", event, 5));
      assertThat(stream.letters).isEmpty();
      return IntStream.range(0, stream.forecasts.size())
          .mapToObj(stream::published)
          .map(PublishedForecast::forecast)
          .toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "timestamp-millis, long, ms",
    "timestamp-micros, long, us",
    "timestamp-nanos, long, ns",
    "local-timestamp-millis, long, local ms",
    "local-timestamp-micros, long, local us",
    "local-timestamp-nanos, long, local ns",
    "org.apache.kafka.connect.data.Timestamp, long, ms",
    "io.debezium.time.Timestamp, long, local ms",
    "io.debezium.time.MicroTimestamp, long, local us",
    "io.debezium.time.NanoTimestamp, long, local ns",
    "io.debezium.time.ZonedTimestamp, string, text",
  })
  void avroTypeGivesSameForecasts(String type, String encoding, String content) {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Row", "fields": [
                  {"name": "time", "type": {"type": "%s", "%s": "%s"}},
                  {"name": "value", "type": "double"}]}
                """
                    .formatted(
                        encoding, type.contains(".") ? "connect.name" : "logicalType", type));
    EventMapping mapping =
        new EventMapping(
            new EventEncoding(EventFormat.AVRO, schema, true, null),
            SeriesKey.RECORD_KEY,
            EventTime.ofField("time", TimestampFormat.AUTO).withZone(LOS_ANGELES),
            List.of("value"),
            List.of());

    List<byte[]> events = TRUTH.stream().map(event -> avro(schema, event, content)).toList();
    assertForecasts(forecastsOfTopic(mapping, events));
  }

  private static byte[] avro(Schema schema, Observation event, String content) {
    Instant time = Instant.ofEpochMilli(event.timestampMs());
    long ms =
        content.startsWith("local")
            ? LocalDateTime.ofInstant(time, LOS_ANGELES).toInstant(ZoneOffset.UTC).toEpochMilli()
            : event.timestampMs();
    GenericRecord row = new GenericData.Record(schema);
    row.put(
        "time",
        switch (content.replace("local ", "")) {
          case "ms" -> ms;
          case "us" -> ms * 1_000;
          case "ns" -> ms * 1_000_000;
          default -> time.toString();
        });
    row.put("value", event.value());
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(schema).write(row, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Forecast> forecasts(List<Observation> observations) {
    SeriesState state = SeriesState.inMemory(MODEL);
    StepFunction steps = new StepFunction();
    return observations.stream()
        .map(event -> ((StepResult.Advanced) steps.apply(state, event, MODEL, 1)).forecast())
        .toList();
  }

  private static void assertForecasts(List<Forecast> found) {
    List<Forecast> expected = forecasts(TRUTH);
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < HOURS; i++) {
      assertThat(found.get(i).origin()).isEqualTo(expected.get(i).origin());
      assertThat(found.get(i).values()).isEqualTo(expected.get(i).values());
    }
  }
}
