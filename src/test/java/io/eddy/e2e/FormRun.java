package io.eddy.e2e;

import static io.eddy.e2e.RunningEddy.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.cli.Main;
import io.eddy.kafka.topics.TopicNames;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine;

/**
 * Events in a form that the default settings do not read, from {@code check} to {@code verify}: the
 * proposed settings are used for training, serving and verification.
 */
final class FormRun {
  static final TopicNames TOPICS =
      new TopicNames(
              "readings", "forecasts", "scores", "models", "activations", "letters", "status")
          .withKeyedEvents("readings-keyed");

  private final RunningEddy eddy;
  private final Path folder;
  private final Map<String, String> settings = new HashMap<>();

  /** The output of a command that was run in this process. */
  private record Output(int exitCode, String text, String errors) {}

  /**
   * Creates a run.
   *
   * @param given settings that cannot be detected, such as the address of a schema registry
   */
  FormRun(RunningEddy eddy, Path folder, Map<String, String> given) {
    this.eddy = eddy;
    this.folder = folder;
    settings.putAll(given);
    settings.put("application.id", "forms");
    settings.put("topic.events", TOPICS.events());
    settings.put("topic.keyed-events", "readings-keyed");
    settings.put("topic.forecasts", TOPICS.forecasts());
    settings.put("topic.scores", TOPICS.scores());
    settings.put("topic.models", TOPICS.models());
    settings.put("topic.activations", TOPICS.activations());
    settings.put("topic.dead-letters", TOPICS.deadLetters());
    settings.put("topic.status", TOPICS.status());
  }

  /** Publishes events to one partition, in their order. */
  void publish(List<byte[]> values) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(eddy.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < values.size(); i++) {
        // Record timestamps say nothing about the time of the measurement.
        var unused =
            producer.send(
                new ProducerRecord<>(
                    TOPICS.events(), 0, 1_800_000_000_000L + i, null, values.get(i)));
      }
    }
  }

  /** Checks the events, and takes over the proposed settings, which must read all values. */
  void adoptProposal(String... expected) throws Exception {
    JsonNode first = check(1);
    List<String> lines =
        new ObjectMapper()
            .convertValue(
                first.path("proposal").path("settings"), new TypeReference<List<String>>() {});
    assertThat(lines).as(first.toPrettyString()).contains(expected);
    for (String line : lines) {
      int equals = line.indexOf('=');
      settings.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
    }
    JsonNode second = check(0);
    assertThat(second.path("deadLetters").asInt()).as(second.toPrettyString()).isZero();
    assertThat(second.has("proposal")).isFalse();
  }

  private JsonNode check(int exitCode) throws Exception {
    Output check = run("check", "--json", "--config", config().toString());
    assertThat(check.exitCode()).as(check.text() + check.errors()).isEqualTo(exitCode);
    return new ObjectMapper().readTree(check.text());
  }

  /** Trains, serves until there are so many forecasts, and verifies them; returns the series. */
  Set<String> trainServeVerify(int forecasts) throws Exception {
    Path config = config();
    Output train =
        run(
            ("train --topic readings --config %s --out %s --activate --interval PT1H --horizon 3"
                    + " --context 24 --hidden 4 --epochs 1 --no-refit")
                .formatted(config, folder.resolve("m.safetensors"))
                .split(" "));
    assertThat(train.exitCode()).as(train.text() + train.errors()).isZero();
    try (ServeProcess serve = eddy.serve("serve", config)) {
      until(() -> !serve.isAlive() || eddy.read("forecasts").size() >= forecasts);
      assertThat(serve.stop()).as(ServeProcess.output(eddy.log("serve"))).isZero();
    }
    assertThat(eddy.read("letters")).isEmpty();
    Output verify = run("verify", "--json", "--config", config.toString());
    assertThat(verify.exitCode()).as(verify.text() + verify.errors()).isZero();
    JsonNode report = new ObjectMapper().readTree(verify.text());
    assertThat(report.get("compared").asInt()).isEqualTo(forecasts);
    assertThat(report.get("different").asInt()).isZero();
    Set<String> series = new TreeSet<>();
    eddy.read("forecasts").forEach(record -> series.add(new String(record.key(), UTF_8)));
    return series;
  }

  private Path config() throws Exception {
    return eddy.config("forms", settings);
  }

  private static Output run(String... arguments) {
    CommandLine command = Main.commandLine();
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        command
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new Output(exitCode, out.toString(), err.toString());
  }
}
