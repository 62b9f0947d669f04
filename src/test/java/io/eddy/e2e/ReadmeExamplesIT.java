package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.schema.SchemaIdType;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.ModelVersion;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the examples of the documentation as they are written there, with the addresses of the
 * test's broker and registry.
 */
class ReadmeExamplesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Path README = Path.of("README.md");
  private static final Path EVENTS = Path.of("src/docs/events.md");
  private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  private final EmbeddedBroker broker = EmbeddedBroker.start();
  private final Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
  private String registryUrl = "";

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void json() throws Exception {
    runExample(README, "### JSON events of your own", "plant.properties");

    List<ConsumerRecord<byte[], byte[]>> forecasts = records("plant-forecasts");
    assertThat(forecasts).hasSize(events());
    assertThat(forecasts)
        .allSatisfy(
            one -> assertThat(new String(one.value(), StandardCharsets.UTF_8)).startsWith("{"));
    assertThat(records("plant-readings-keyed")).hasSize(events());
    String event = new String(records("plant-readings").get(0).value(), StandardCharsets.UTF_8);
    assertThat(event).contains("\"meter\":", "\"reading\":{\"power\":");
  }

  @Test
  void avroWithRegistry() throws Exception {
    try (ApicurioRegistry registry = ApicurioRegistry.start(folder)) {
      registryUrl = registry.url();
      runExample(EVENTS, "### Avro with a registry", "meters.properties");

      assertThat(records("meter-readings")).allSatisfy(one -> assertThat(one.value()[0]).isZero());
      ForecastCodec codec =
          new ForecastCodec(
              new OutputFormat(
                  OutputFormat.Format.AVRO,
                  new SchemaRegistrySettings(
                      URI.create(registryUrl), null, false, SchemaIdType.CONFLUENT)),
              "meter-forecasts");
      assertThat(records("meter-forecasts"))
          .hasSize(events())
          .allSatisfy(
              one -> {
                assertThat(one.value()[0]).isZero();
                assertThat(codec.decode("any", one.value()).source().topic())
                    .isEqualTo("meter-readings-keyed");
              });
    }
  }

  @Test
  void plainNumbers() throws Exception {
    runExample(EVENTS, "### Plain numbers", "numbers.properties");

    assertThat(records("number-forecasts")).hasSize(events());
    assertThat(new String(records("numbers").get(0).value(), StandardCharsets.UTF_8))
        .matches("-?[0-9.E-]+");
  }

  /** The commands from the first training to the retirement of a version. */
  @Test
  @Tag("slow")
  void trainsServesAndRollsOut() throws Exception {
    try (DocumentShell shell = new DocumentShell(folder, broker.bootstrapServers())) {
      shell.set("EDDY_STATE_DIR", folder.resolve("state").toString());
      for (String heading : List.of("### Settings", "## Train")) {
        for (String command : DocumentShell.commands(README, heading)) {
          shell.run(command);
        }
      }
      byte[] second = Files.readAllBytes(folder.resolve("v2.safetensors"));
      shell.replace("VERSION", ModelVersion.of(second).shortSha());
      List<String> commands = DocumentShell.commands(README, "## Serve and roll out");
      assertThat(commands).startsWith("./eddy serve", "./eddy simulate").hasSize(13);
      DocumentShell.Running serving = shell.start(commands.get(0));
      serving.awaitOutput("forecaster state: RUNNING");
      DocumentShell.Running simulating = shell.start(commands.get(1));
      simulating.awaitOutput("simulating 50 series");
      for (String command : commands.subList(2, 9)) {
        shell.run(command);
      }
      assertThat(commands.get(9)).isEqualTo("./eddy models status");
      await()
          .atMost(Duration.ofMinutes(6))
          .untilAsserted(
              () -> assertThat(shell.run("./eddy models history")).contains("automatic promotion"));
      for (String command : commands.subList(9, commands.size())) {
        assertThat(shell.run(command)).as(command).isNotBlank();
      }
      simulating.stop();
      serving.stop();
      shell.run("./eddy verify");
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    new TopicReader(client).read(topic, records::add);
    return records;
  }

  /** Returns the number of generated observations: the lines after the header. */
  private int events() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      Path csv = files.filter(file -> file.toString().endsWith(".csv")).findFirst().orElseThrow();
      return Files.readAllLines(csv).size() - 1;
    }
  }

  private void runExample(Path page, String heading, String config) throws Exception {
    String section = section(page, heading);
    Matcher block = BLOCK.matcher(section);
    String forecasts = "";
    while (block.find()) {
      String text = block.group(2);
      switch (block.group(1)) {
        case "json" -> Files.writeString(folder.resolve("meter.avsc"), text);
        case "properties" -> {
          forecasts = setting(text, "topic.forecasts");
          Files.writeString(folder.resolve(config), here(text));
        }
        case "sh" -> {
          for (String line : text.strip().split("\n", -1)) {
            runLine(line, forecasts);
          }
        }
        default -> throw new IllegalStateException(block.group(1));
      }
    }
  }

  private static String section(Path page, String heading) throws IOException {
    String text = Files.readString(page);
    int begin = text.indexOf(heading + "\n");
    assertThat(begin).as(heading).isNotNegative();
    Matcher next = Pattern.compile("\n##+ ").matcher(text);
    return text.substring(
        begin, next.find(begin + heading.length()) ? next.start() : text.length());
  }

  private static String setting(String properties, String key) {
    return properties
        .lines()
        .filter(line -> line.startsWith(key + " = "))
        .map(line -> line.substring(key.length() + 3))
        .findFirst()
        .orElseThrow();
  }

  private String here(String text) {
    return text.replace("localhost:9092", broker.bootstrapServers())
        .replace("http://localhost:8081/apis/ccompat/v7", registryUrl);
  }

  private void runLine(String line, String forecasts) throws Exception {
    assertThat(line).startsWith("./eddy ");
    String[] arguments = line.substring("./eddy ".length()).split(" ", -1);
    Path log = folder.resolve("commands.log");
    Process process =
        EddyProcess.of(arguments)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try {
      if (arguments[0].equals("serve")) {
        AtomicLong count = new AtomicLong();
        await()
            .atMost(PATIENCE)
            .until(
                () -> {
                  count.set(records(forecasts).size());
                  return count.get() >= events() || !process.isAlive();
                });
        process.destroy();
      }
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(line).isTrue();
      assertThat(process.exitValue()).as(line + "\n" + Files.readString(log)).isZero();
    } finally {
      process.destroyForcibly();
    }
  }
}
