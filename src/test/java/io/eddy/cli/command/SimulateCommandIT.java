package io.eddy.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.EventLimits;
import io.eddy.cli.CommandProcess;
import io.eddy.cli.Main;
import io.eddy.dataset.csv.CsvObservations;
import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventReader;
import io.eddy.kafka.event.NullValues;
import io.eddy.kafka.event.ReadResult;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.series.Observation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs {@code eddy simulate} over a broker. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SimulateCommandIT {
  @TempDir Path folder;

  private final EmbeddedBroker broker = EmbeddedBroker.start();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String prefix = "";
  private int invalid;

  @AfterAll
  void stop() {
    broker.close();
  }

  @Test
  void continuesWhereTopicEnds() throws Exception {
    createTopics("continued");
    Path csv = folder.resolve("sensors.csv");
    execute("generate", "--series", "5", "--days", "2", "--out", csv.toString());
    output("feed", "--csv", csv.toString());

    output("simulate", "--speed", "max", "--for", "PT30H");
    output("simulate", "--speed", "max", "--for", "PT10H");

    assertThat(err.toString())
        .contains(
            "simulating 5 series, interval PT1H, speed max, continuing after 2026-01-08T05:00:00Z");
    Map<String, List<Observation>> series = series();
    assertThat(series).hasSize(5);
    series.forEach(
        (name, observations) -> {
          assertThat(observations).extracting(Observation::timestampMs).doesNotHaveDuplicates();
          assertThat(observations).extracting(Observation::timestampMs).isSorted();
          assertThat(observations).hasSizeBetween(75, 88);
          assertThat(last(observations)).isEqualTo("2026-01-08T15:00:00Z");
        });
  }

  /** The same options give the same events as {@code generate}. */
  @Test
  void simulatesWhatGenerateWrites() throws Exception {
    createTopics("same");
    Path csv = folder.resolve("same.csv");
    execute("generate", "--series", "3", "--days", "2", "--out", csv.toString());

    output("simulate", "--series", "3", "--speed", "max", "--for", "PT47H");

    Map<String, List<Observation>> series = series();
    CsvObservations.read(csv)
        .series()
        .forEach(data -> assertThat(series.get(data.name())).isEqualTo(data.observations()));
  }

  @Test
  void feedLeavesOutRejectedObservations() throws Exception {
    createTopics("rejected");
    Path csv = Files.writeString(folder.resolve("pump.csv"), "ds,y\n2026-01-05,1\n2026-01-06,7\n");

    output("feed", "--csv", csv.toString(), "--skip-rejected", "--set", "events.max-value=5");

    assertThat(err.toString()).contains("left out 1 observations, first series pump at 2026-01-06");
    assertThat(series().get("pump")).extracting(Observation::value).containsExactly(1.0);
  }

  @Test
  void repeatsCsvFile() throws Exception {
    createTopics("csv");
    Path csv = folder.resolve("two-days.csv");
    StringBuilder lines = new StringBuilder("series,timestamp,value\n");
    for (int hour = 0; hour < 48; hour++) {
      lines.append("pump,%s,%d\n".formatted(Instant.ofEpochSecond(3600L * hour), hour));
    }
    Files.writeString(csv, lines);

    output("simulate", "--csv", csv.toString(), "--speed", "max", "--for", "PT60H");
    output("simulate", "--csv", csv.toString(), "--speed", "max", "--for", "PT60H");

    List<Observation> pump = series().get("pump");
    assertThat(pump).hasSize(121);
    for (int hour = 0; hour < pump.size(); hour++) {
      assertThat(pump.get(hour).timestampMs()).isEqualTo(3_600_000L * hour);
      assertThat(pump.get(hour).value()).isEqualTo(hour % 48);
    }
  }

  @Test
  void injectsFaults() throws Exception {
    createTopics("faults");

    output(
        "simulate",
        "--series",
        "10",
        "--speed",
        "max",
        "--for",
        "P10D",
        "--late",
        "5%",
        "--invalid",
        "0.1",
        "--anomalies",
        "1%");

    assertThat(invalid(series())).isBetween(180, 300);
    long late =
        series().values().stream()
            .mapToLong(
                observations -> {
                  long count = 0;
                  long newest = Long.MIN_VALUE;
                  for (Observation observation : observations) {
                    count += observation.timestampMs() < newest ? 1 : 0;
                    newest = Math.max(newest, observation.timestampMs());
                  }
                  return count;
                })
            .sum();
    assertThat(late).isBetween(60L, 180L);
  }

  @Test
  void publishesInRealTimeUntilStopped() throws Exception {
    createTopics("live");

    try (CommandProcess process =
        new CommandProcess(
            with(
                "simulate",
                "--series",
                "2",
                "--interval",
                "PT0.5S",
                "--history",
                "PT10S",
                "--speed",
                "1x"))) {
      org.awaitility.Awaitility.await()
          .atMost(java.time.Duration.ofSeconds(60))
          .until(() -> series().values().stream().anyMatch(all -> all.size() > 24));
      assertThat(process.isAlive()).isTrue();
    }

    series()
        .values()
        .forEach(
            observations -> {
              long lastMs = observations.get(observations.size() - 1).timestampMs();
              assertThat(Math.abs(System.currentTimeMillis() - lastMs)).isLessThan(30_000);
            });
  }

  @Test
  void rejectsInvalidOptions() {
    prefix = "none";
    Map<List<String>, String> cases =
        Map.of(
            List.of("--speed", "0"), "--speed: expected a factor above 0",
            List.of("--speed", "fast"), "--speed: expected a factor above 0",
            List.of("--rate", "-1"), "--rate: expected a number above 0",
            List.of("--rate", "5", "--speed", "2x"), "--rate and --speed exclude each other",
            List.of("--series", "0"), "--series: expected a whole number from 1",
            List.of("--late", "120%"), "--late: expected a share",
            List.of("--interval", "PT0S"), "--interval: expected a duration of at least 1 ms",
            List.of("--for", "PT0S"), "--for: expected a duration of at least 1 ms",
            List.of("--history", "-PT1H"), "--history: expected a duration of at least 0 ms");
    cases.forEach(
        (options, message) -> {
          List<String> arguments = new ArrayList<>(List.of("simulate"));
          arguments.addAll(options);
          assertThat(execute(arguments.toArray(String[]::new))).as(options.toString()).isEqualTo(2);
          assertThat(err.toString()).contains(message);
        });
  }

  private static String last(List<Observation> observations) {
    return Instant.ofEpochMilli(observations.get(observations.size() - 1).timestampMs()).toString();
  }

  private int invalid(Map<String, List<Observation>> read) {
    assertThat(read).isNotEmpty();
    return invalid;
  }

  /** Returns the observations on the topic by series, in the order of the topic. */
  private Map<String, List<Observation>> series() {
    EventReader reader =
        new EventReader(
            EventMapping.defaults(EventFormat.JSON, List.of()),
            EventLimits.NONE,
            NullValues.DEAD_LETTER);
    Map<String, List<Observation>> series = new TreeMap<>();
    invalid = 0;
    new TopicReader(Map.of("bootstrap.servers", broker.bootstrapServers()))
        .read(
            prefix + "-events",
            record -> {
              if (reader.read(record) instanceof ReadResult.Event event) {
                event
                    .event()
                    .observations()
                    .forEach(
                        observation ->
                            series
                                .computeIfAbsent(observation.series(), name -> new ArrayList<>())
                                .add(observation));
              } else {
                invalid++;
              }
            });
    return series;
  }

  private void createTopics(String name) {
    prefix = name;
    output("topics", "create", "--partitions", "2");
  }

  private String output(String... arguments) {
    assertThat(execute(with(arguments))).as("%s%n%s", List.of(arguments), err).isZero();
    return out.toString();
  }

  private int execute(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(arguments);
  }

  private String[] with(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    for (String topic :
        List.of(
            "events", "forecasts", "scores", "models", "activations", "dead-letters", "status")) {
      all.add("--set=topic.%s=%s-%s".formatted(topic, prefix, topic));
    }
    return all.toArray(String[]::new);
  }
}
