package io.eddy.kafka.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eddy.admission.DecodedEvent;
import io.eddy.admission.EventLimits;
import io.eddy.series.Observation;
import io.eddy.series.time.TimestampFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InfluxEventsTest {
  private static final long MS = 1767225600000L;

  private static EventMapping mapping(String key, String format, String... values) {
    return mapping(key, format, ValueWords.NONE, values);
  }

  private static EventMapping mapping(
      String key, String format, ValueWords words, String... values) {
    EventTime time =
        format.equals("auto")
            ? EventTime.DEFAULT
            : EventTime.ofField("timestamp", TimestampFormat.of(format));
    return new EventMapping(
        EventEncoding.of(EventFormat.INFLUX),
        new SeriesKey(List.of(key.split(",", -1)), "/"),
        time,
        List.of(values),
        List.of(),
        words);
  }

  private static ReadResult read(EventMapping mapping, String lines) {
    return new EventReader(mapping, EventLimits.NONE, NullValues.DEAD_LETTER)
        .read("k".getBytes(UTF_8), lines.getBytes(UTF_8), 7);
  }

  private static DecodedEvent event(EventMapping mapping, String lines) {
    ReadResult read = read(mapping, lines);
    assertThat(read)
        .as(read instanceof ReadResult.Rejection rejection ? rejection.reason() : "")
        .isInstanceOf(ReadResult.Event.class);
    return ((ReadResult.Event) read).event();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "weather,place=north temperature=21.5 1767225600000000000      | weather/north/temperature | 21.5",
        "weather,place=north temperature=-2e-1 1767225600000000000     | weather/north/temperature | -0.2",
        "weather,place=north temperature=21. 1767225600000000000       | weather/north/temperature | 21",
        "weather,place=north temperature=.5 1767225600000000000        | weather/north/temperature | 0.5",
        "weather,place=north temperature=21i 1767225600000000000       | weather/north/temperature | 21",
        "weather,place=north temperature=-21i 1767225600000000000      | weather/north/temperature | -21",
        "weather,place=north temperature=18446744073709551615u 1767225600000000000 | weather/north/temperature | 18446744073709551615",
        "weather,unit=C,place=north temperature=21.5 1767225600000000000 | weather/north/temperature | 21.5",
        "weather,place=north\\ of\\,A\\=B temperature=21.5 1767225600000000000 | weather/north of,A=B/temperature | 21.5",
        "wea\\,ther\\ x,place=n temperature=21.5 1767225600000000000   | wea,ther x/n/temperature | 21.5",
        "weather,pla\\=ce=x,place=n te\\ mp\\=1=21.5 1767225600000000000 | weather/n/te mp=1 | 21.5",
        "weather,place=a\\b temperature=21.5 1767225600000000000       | weather/a\\b/temperature | 21.5",
        "weather,place=Köln temperature=21.5 1767225600000000000       | weather/Köln/temperature | 21.5",
        "weather,place=n text=\"a, b=1 \\\"c\\\" \\\\\",temperature=21.5 1767225600000000000 | weather/n/temperature | 21.5",
        "weather,place=n ok=true,temperature=21.5,wet=F 1767225600000000000 | weather/n/temperature | 21.5",
        "weather,place=n  temperature=21.5  1767225600000000000        | weather/n/temperature | 21.5",
      })
  void readsLine(String line, String series, double value) {
    assertThat(event(mapping("measurement,tags.place,field", "auto", "value"), line).observations())
        .containsExactly(new Observation(series, MS, value));
  }

  @Test
  void readsEveryFieldOfEveryLine() {
    String lines =
        """
        # a comment

        cpu,host=a,cpu=cpu0 usage_idle=97.5,usage_user=1.5,state="ok" 1767225600000000000\r
        cpu,host=b,cpu=cpu0 usage_idle=96.5 1767225600500000000
        mem,host=a used=123456789i,text="line
        break",total=8u 1767225601000000000
        """;

    assertThat(event(mapping("measurement,tags.host,field", "auto", "value"), lines).observations())
        .containsExactly(
            new Observation("cpu/a/usage_idle", MS, 97.5),
            new Observation("cpu/a/usage_user", MS, 1.5),
            new Observation("cpu/b/usage_idle", MS + 500, 96.5),
            new Observation("mem/a/used", MS + 1000, 123456789),
            new Observation("mem/a/total", MS + 1000, 8));
    DecodedEvent named =
        event(
            mapping("measurement,tags.host", "auto", "fields.usage_idle", "fields.usage_user"),
            lines);
    assertThat(named.observations())
        .containsExactly(
            new Observation("cpu/a/fields.usage_idle", MS, 97.5),
            new Observation("cpu/a/fields.usage_user", MS, 1.5),
            new Observation("cpu/b/fields.usage_idle", MS + 500, 96.5));
    assertThat(event(mapping("tags.host", "auto", "fields.used"), lines).observations())
        .containsExactly(new Observation("a", MS + 1000, 123456789));
  }

  @ParameterizedTest
  @CsvSource({
    "auto,1767225600000000000",
    "ns,1767225600000000000",
    "us,1767225600000000",
    "ms,1767225600000",
    "s,1767225600",
  })
  void readsTimestampInItsUnit(String format, String time) {
    assertThat(event(mapping("measurement", format, "value"), "m value=1 " + time).observations())
        .containsExactly(new Observation("m", MS, 1));
  }

  @ParameterizedTest
  @CsvSource({"1767225600000000,us", "1767225600000,ms", "1767225600,s"})
  void rejectsTimestampOfAnotherUnit(String time, String unit) {
    assertThat(event(mapping("measurement", "auto", "value"), "m value=1 " + time).refused())
        .hasSize(1)
        .containsValue(
            "field timestamp: expected epoch nanoseconds, got a number that looks like epoch %s:"
                    .formatted(
                        Map.of("us", "microseconds", "ms", "milliseconds", "s", "seconds")
                            .get(unit))
                + " set events.timestamp-format = "
                + unit);
  }

  @Test
  void lineWithoutTimestampHasTheRecords() {
    assertThat(event(mapping("measurement", "auto", "value"), "m value=1").observations())
        .containsExactly(new Observation("m", 7, 1));
  }

  @Test
  void invalidLineCostsOnlyItself() {
    DecodedEvent event =
        event(
            mapping("measurement,tags.host", "auto", "value"),
            "m,host=a value=1\nm,host= value=2\nm value=3\nm,host=b value=4\n");

    assertThat(event.observations())
        .containsExactly(new Observation("m/a", 7, 1), new Observation("m/b", 7, 4));
    assertThat(event.refused())
        .hasSize(2)
        .containsValue("not valid line protocol: expected the value of a tag");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m",
        "m,host=a",
        "m,host value=1",
        "m value",
        "m value=",
        "m value=abc",
        "m value=1d",
        "m value=0x1p3",
        "m value=1.5i",
        "m value=NaN",
        "m value=-1u",
        "m value=\"abc",
        "m value=1 now",
        "m value=1 1767225600000000000 x",
        "m value=1, 1767225600000000000",
        " =1",
        ",a=b value=1",
        "{\"value\":1}",
        "\u0000\u0001",
        "",
        "# only a comment",
      })
  void rejectsOtherText(String line) {
    ReadResult read = read(mapping("measurement", "auto", "value"), line);

    assertThat(
            read instanceof ReadResult.Rejection
                || ((ReadResult.Event) read).event().observations().isEmpty())
        .isTrue();
  }

  @Test
  void refusesSeveralFieldsOfOneName() {
    assertThat(
            event(mapping("measurement", "auto", "value"), "cpu idle=1,user=2,text=\"a\"")
                .refused())
        .containsValue(
            "a line has 2 fields with numbers: add field to events.key, or name fields in"
                + " events.value as fields.NAME");
  }

  @Test
  void wordsStandForBooleansAndText() {
    ValueWords words = ValueWords.parse(List.of("true=1", "false=0", "open=2"));

    assertThat(
            event(
                    mapping("measurement,field", "auto", words, "value"),
                    "door open=t,closed=false,state=\"open\",n=5i")
                .observations())
        .containsExactly(
            new Observation("door/open", 7, 1),
            new Observation("door/closed", 7, 0),
            new Observation("door/state", 7, 2),
            new Observation("door/n", 7, 5));
  }

  @Test
  void missingTagIsNamed() {
    assertThat(event(mapping("measurement,tags.host", "auto", "value"), "m value=1").refused())
        .hasSize(1)
        .allSatisfy((line, reason) -> assertThat(reason).contains("tags.host is missing"));
  }

  @Test
  void rejectsValuesThatAreNotFields() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> mapping("measurement", "auto", "usage_idle"))
        .withMessage(
            "value: expected value, or fields of a line such as fields.usage_idle, got usage_idle");
  }

  @ParameterizedTest
  @CsvSource({
    "'measurement,tags.place,field',auto,value,weather/no rth/temp=1",
    "'measurement,tags.place',ms,value,weather/north",
    "'measurement,tags.place',s,fields.x,weather/north",
  })
  void writesWhatItReads(String key, String format, String value, String series) {
    EventMapping mapping = mapping(key, format, value);
    Observation observation = new Observation(series, MS, 21.5);

    String line = new String(new EventEncoder(mapping, "t").encode(observation), UTF_8);

    assertThat(event(mapping, line).observations()).containsExactly(observation);
  }

  /** The forms in which Telegraf's Kafka output writes the same metrics. */
  @Test
  void readsBothOutputsOfTelegraf() {
    String influx =
        """
        cpu,cpu=cpu-total,host=web-1 usage_idle=97.5,usage_user=1.5 1767225600000000000
        cpu,cpu=cpu-total,host=web-2 usage_idle=96.5,usage_user=2.5 1767225600000000000
        """;
    String json =
        """
        {"metrics": [
          {"fields": {"usage_idle": 97.5, "usage_user": 1.5}, "name": "cpu",
           "tags": {"cpu": "cpu-total", "host": "web-1"}, "timestamp": 1767225600},
          {"fields": {"usage_idle": 96.5, "usage_user": 2.5}, "name": "cpu",
           "tags": {"cpu": "cpu-total", "host": "web-2"}, "timestamp": 1767225600}
        ]}
        """;
    EventMapping batch =
        EventMapping.json(
            new SeriesKey(List.of("metrics[].name", "metrics[].tags.host"), "/"),
            EventTime.ofField("metrics[].timestamp", TimestampFormat.of("s")),
            List.of("metrics[].fields.usage_idle"),
            List.of());
    EventMapping single =
        EventMapping.json(
            new SeriesKey(List.of("name", "tags.host"), "/"),
            EventTime.ofField("timestamp", TimestampFormat.of("s")),
            List.of("fields.usage_idle"),
            List.of());
    Observation first = new Observation("cpu/web-1", MS, 97.5);

    assertThat(
            event(mapping("measurement,tags.host", "auto", "fields.usage_idle"), influx)
                .observations())
        .containsExactly(first, new Observation("cpu/web-2", MS, 96.5))
        .isEqualTo(event(batch, json).observations());
    assertThat(
            event(
                    single,
                    "{\"fields\":{\"usage_idle\":97.5},\"name\":\"cpu\",\"tags\":{\"host\":\"web-1\"},\"timestamp\":1767225600}")
                .observations())
        .containsExactly(first);
  }
}
