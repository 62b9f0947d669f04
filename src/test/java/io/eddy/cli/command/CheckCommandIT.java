package io.eddy.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.cli.Main;
import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventTime;
import io.eddy.kafka.event.SeriesKey;
import io.eddy.series.Observation;
import io.eddy.series.time.TimestampFormat;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tests {@code eddy check} over a broker. */
class CheckCommandIT {
  private static final long HOUR_S = 3600;
  private static final long BEGIN_S = 1_767_225_600;

  @TempDir Path folder;

  private final EmbeddedBroker broker = EmbeddedBroker.start();
  private final KafkaProducer<byte[], byte[]> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", broker.bootstrapServers()),
          new ByteArraySerializer(),
          new ByteArraySerializer());
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void createTopics() {
    assertThat(run("topics", "create", "--partitions", "1")).as(err.toString()).isZero();
  }

  @AfterEach
  void stop() {
    producer.close();
    broker.close();
  }

  @Test
  void detectsFieldsOfUnknownJson() throws Exception {
    for (int hour = 0; hour < 48; hour++) {
      send(
          null,
          "{\"device\":\"pump-%d\",\"ts\":%d,\"data\":{\"flow\":%d.5,\"pressure\":%d.25},\"note\":\"x\"}"
              .formatted(hour % 2, BEGIN_S + hour / 2 * HOUR_S, hour, hour));
    }
    Path written = folder.resolve("detected.properties");

    assertThat(run("check", "--json", "--write", written.toString())).isEqualTo(1);

    JsonNode result = result();
    assertThat(result.get("observations").asInt()).isZero();
    assertThat(result.get("deadLetters").asInt()).isEqualTo(48);
    assertThat(result.get("reasons").get(0).get("count").asInt()).isEqualTo(48);
    JsonNode proposal = result.get("proposal");
    assertThat(proposal.get("series").asInt()).isEqualTo(4);
    assertThat(proposal.get("observations").asInt()).isEqualTo(96);
    assertThat(proposal.get("interval").asText()).isEqualTo("PT1H");
    assertThat(proposal.get("deadLetters").asInt()).isZero();
    assertThat(proposal.get("needsZone").asBoolean()).isFalse();
    assertThat(new SettingSources().file(written).load().stream().events())
        .isEqualTo(
            EventMapping.json(
                new SeriesKey(List.of("device"), "/"),
                EventTime.ofField("ts", TimestampFormat.S),
                List.of("data.flow", "data.pressure"),
                List.of()));
    assertThat(run("check", "--json", "--config", written.toString())).isZero();
    assertThat(result().has("proposal")).isFalse();
    assertThat(run("check", "--write", written.toString())).isEqualTo(2);
  }

  @Test
  void reportsDeadLettersByReason() throws Exception {
    Path config = folder.resolve("limits.properties");
    Files.writeString(
        config,
        """
        events.max-value = 100
        events.max-ahead-of-series = P2D
        events.null-values = delete
        series.max-per-partition = 2
        """);
    for (int hour = 0; hour < 5; hour++) {
      send("a", event(hour, 1));
      send("b", event(hour, 1));
      send("c", event(hour, 1));
    }
    send("a", event(5, 200));
    send("b", event(24_000, 1));
    send("b", event(5, 1));
    send("a".getBytes(UTF_8), null);

    assertThat(run("check", "--json", "--config", config.toString())).as(err.toString()).isZero();

    JsonNode result = result();
    assertThat(result.get("records").asInt()).isEqualTo(19);
    assertThat(result.get("series").asInt()).isEqualTo(2);
    assertThat(result.get("observations").asInt()).isEqualTo(11);
    assertThat(result.get("deletions").asInt()).isEqualTo(1);
    assertThat(result.get("deadLetters").asInt()).isEqualTo(7);
    List<String> reasons = new ArrayList<>();
    result
        .get("reasons")
        .forEach(one -> reasons.add(one.get("count").asInt() + " " + one.get("reason").asText()));
    assertThat(reasons)
        .anySatisfy(
            one -> assertThat(one).startsWith("5 series: the partition has 2 series, as many as"))
        .anySatisfy(one -> assertThat(one).startsWith("1 value: expected -1.0E35 to 100.0"))
        .anySatisfy(one -> assertThat(one).startsWith("1 timestamp: expected at most PT48H ahead"))
        .hasSize(3);
  }

  private static String event(int hour, double value) {
    return "{\"timestamp\":%d,\"value\":%s}".formatted((BEGIN_S + hour * HOUR_S) * 1000, value);
  }

  @Test
  void reportsGapsLateEventsAndDuplicates() throws Exception {
    EventEncoder encoder = new EventEncoder(EventFormat.JSON);
    for (int hour : new int[] {0, 1, 2, 3, 9, 10, 11, 5, 10, 12}) {
      long time = (BEGIN_S + hour * HOUR_S) * 1000;
      send("a", new String(encoder.encode(new Observation("a", time, hour)), UTF_8));
    }
    send("a", "{\"value\":\"secret-17\"}");
    send("a", "{\"value\":\"secret-18\"}");
    send("a", "secret-garbage");

    assertThat(run("check", "--json")).as(err.toString()).isZero();

    JsonNode result = result();
    assertThat(result.get("format").asText()).isEqualTo("json");
    assertThat(result.get("records").asInt()).isEqualTo(13);
    assertThat(result.get("gaps").asInt()).isEqualTo(2);
    assertThat(result.get("late").asInt()).isEqualTo(1);
    assertThat(result.get("duplicates").asInt()).isEqualTo(1);
    assertThat(result.get("deadLetters").asInt()).isEqualTo(3);
    assertThat(result.get("reasons").get(0).get("reason").asText())
        .isEqualTo("value: expected a number");
    assertThat(result.get("reasons").get(0).get("count").asInt()).isEqualTo(2);
    assertThat(result.get("reasons").get(0).get("offset").asInt()).isEqualTo(10);
    assertThat(out.toString()).doesNotContain("secret");
    assertThat(run("check")).isZero();
    assertThat(out.toString())
        .doesNotContain("secret")
        .containsPattern("late +1 \\(10\\.0 %\\)")
        .contains("sensor-events-0@10");
  }

  @Test
  void distinguishesNumbersAndAvro() throws Exception {
    for (int i = 0; i < 10; i++) {
      byte[] value = (i + ".5").getBytes(UTF_8);
      long time = (BEGIN_S + i * HOUR_S) * 1000;
      producer
          .send(new ProducerRecord<>("sensor-events", 0, time, "a".getBytes(UTF_8), value))
          .get();
    }
    assertThat(run("check", "--json")).as(err.toString()).isEqualTo(1);
    assertThat(result().get("format").asText()).isEqualTo("json");
    assertThat(result().get("proposal").get("format").asText()).isEqualTo("number");

    EventEncoder avro = new EventEncoder(EventFormat.AVRO);
    for (int hour = 0; hour < 40; hour++) {
      long time = (BEGIN_S + hour * HOUR_S) * 1000;
      send("a".getBytes(UTF_8), avro.encode(new Observation("a", time, hour)));
    }
    assertThat(run("check", "--json", "--sample", "30")).isEqualTo(1);
    assertThat(result().get("proposal").get("format").asText()).isEqualTo("avro");
    assertThat(result().get("records").asInt()).isEqualTo(30);
    assertThat(result().get("configuration").asText()).contains("events.format = avro\n");
  }

  /** Local times are refused with what to set, and the proposal leaves the zone to the user. */
  @Test
  void asksForZoneOfLocalTimes() throws Exception {
    for (int day = 1; day <= 30; day++) {
      send("a", "{\"ts\":\"2026-01-%02d 08:00:00\",\"value\":%d.5}".formatted(day, day * day));
    }
    Path config = Files.writeString(folder.resolve("ts.properties"), "events.timestamp = ts\n");

    assertThat(run("check", "--config", config.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("30 of 30: field ts: ")
        .contains("set events.zone")
        .contains("text of shape dddd-dd-dd dd:dd:dd")
        .contains("these settings would read 30 of 30 values")
        .contains("# events.zone =")
        .doesNotContain("2026-01-");
    assertThat(run("check", "--config", config.toString(), "--set", "events.zone=Europe/Berlin"))
        .isZero();
  }

  @Test
  void reportsEmptyTopic() {
    assertThat(run("check")).isEqualTo(1);
    assertThat(err.toString()).contains("eddy: topic sensor-events is empty");
  }

  private void send(@Nullable String key, String value) throws Exception {
    send(key == null ? null : key.getBytes(UTF_8), value.getBytes(UTF_8));
  }

  private void send(byte @Nullable [] key, byte @Nullable [] value) throws Exception {
    producer.send(new ProducerRecord<>("sensor-events", 0, BEGIN_S * 1000, key, value)).get();
  }

  private JsonNode result() throws Exception {
    return new ObjectMapper().readTree(out.toString());
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(all.toArray(String[]::new));
  }
}
