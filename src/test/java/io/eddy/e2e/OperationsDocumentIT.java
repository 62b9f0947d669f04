package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.cli.Main;
import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands of the operations document as they are written. Those that need containers, a
 * cluster or a browser have tests of their own.
 */
@Timeout(300)
class OperationsDocumentIT {
  private static final Path OPERATIONS = Path.of("src/docs/operations.md");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final byte[] MODEL = Models.file(Models.specification(CellKind.GRU, 4, 12), 1);
  private static final String SERVE = "./eddy serve";

  @TempDir Path folder;

  private final EmbeddedBroker broker = EmbeddedBroker.start();
  private int events;
  private int port;
  private DocumentShell shell;

  @BeforeEach
  void start() throws Exception {
    port = freePort();
    shell = shell(folder, broker).set("EDDY_HTTP_LISTEN", "127.0.0.1:" + port);
    Files.write(folder.resolve("v1.safetensors"), MODEL);
    eddy("generate", "--series", "8", "--days", "4", "--out", file("sensors.csv"));
    events = Files.readAllLines(folder.resolve("sensors.csv")).size() - 1;
  }

  @AfterEach
  void stop() {
    shell.close();
    broker.close();
  }

  private static DocumentShell shell(Path folder, EmbeddedBroker broker) throws IOException {
    String jq = isInstalled("jq") ? " | jq .instances" : "";
    return new DocumentShell(folder, broker.bootstrapServers())
        .set("EDDY_STATE_DIR", folder.resolve("state").toString())
        .replace("dbe23bb775be", ModelVersion.of(MODEL).shortSha())
        .replace(" | jq .instances", jq);
  }

  private static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv("PATH").split(":", -1))
        .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** A section with new commands must be run by a test, here or elsewhere. */
  @Test
  void everySectionWithCommandsIsKnown() throws IOException {
    List<String> elsewhere =
        List.of("## Run in a container", "## Kubernetes", "## Monitor"); // ImageIT and others
    List<String> sections = new ArrayList<>(DocumentShell.sectionsWithCommands(OPERATIONS));
    sections.removeAll(elsewhere);

    assertThat(sections)
        .containsExactly(
            "## Run",
            "## Health",
            "## JMX",
            "## Scale",
            "## Several instances",
            "## Upgrade",
            "## Back up and restore",
            "## Reset",
            "## Version and completion");
  }

  @Test
  void runsScalesAndUpgrades() throws Exception {
    List<String> run = commands("## Run");
    assertThat(run).containsExactly("./eddy topics create", SERVE);
    shell.run(run.get(0));
    DocumentShell.Running first = shell.start(run.get(1));
    first.awaitOutput("waiting for the first activation of model sensors");
    assertThat(shell.run(local(commands("## Health").get(0))))
        .contains("\"status\":\"up\",\"reason\":\"waiting for the first activation");
    feedAndActivate();
    awaitForecasts(broker, events);

    String serveSecond = inline("## Scale", "./eddy serve ");
    DocumentShell.Running second = shell.start(serveSecond);
    second.awaitOutput("assigned partitions of sensor-events: [");
    assertThat(shell.run(local(commands("## Several instances").get(0))))
        .contains("\"error\"")
        .doesNotContain("cannot be reached");
    second.stop();

    List<String> upgrade = commands("## Upgrade");
    assertThat(upgrade)
        .containsExactly(
            "./eddy --version",
            "./eddy topics check",
            "kill -TERM PID",
            SERVE,
            "./eddy models status",
            "./eddy verify");
    assertThat(shell.run(upgrade.get(0))).contains("Kafka", "Java");
    assertThat(shell.run(upgrade.get(1))).contains("no problems found");
    shell.run(upgrade.get(2).replace("PID", first.pid()));
    first.awaitEnd();
    DocumentShell.Running upgraded = shell.start(upgrade.get(3));
    upgraded.awaitOutput("forecaster state: RUNNING");
    assertThat(shell.run(upgrade.get(4))).contains(ModelVersion.of(MODEL).shortSha());
    upgraded.stop();
    assertThat(shell.run(upgrade.get(5))).contains("%,d".formatted(events));
  }

  @Test
  @Tag("slow")
  void seesMonitorsAndCompletes() throws Exception {
    eddy("topics", "create", "--partitions", "2");
    feedAndActivate();
    int jmxPort = freePort();
    List<String> jmx = commands("## JMX");
    assertThat(jmx).hasSize(2);
    assertThat(jmx.get(1)).startsWith("jconsole localhost:9999");
    DocumentShell.Running serving = shell.start(jmx.get(0).replace("9999", "" + jmxPort));
    awaitForecasts(broker, events);
    assertBeansExist(jmxPort);

    DocumentShell.Running simulating = shell.start(inline("## Logs", "./eddy simulate "));
    simulating.awaitOutput("simulating 8 series");
    awaitForecasts(broker, events + 100);
    simulating.stop();
    for (String command : DocumentShell.inlineCommands(OPERATIONS, "## See what it does")) {
      if (command.startsWith("./eddy watch") || command.contains("--follow")) {
        DocumentShell.Running following = shell.start(command);
        following.awaitOutput("sensor-00");
        following.stop();
      } else {
        assertThat(shell.run(command)).as(command).isNotBlank();
      }
    }
    assertThat(folder.resolve("sensor-007.png")).isNotEmptyFile();
    serving.stop();
    assertThat(shell.run(commands("## Version and completion").get(0) + "; complete -p eddy"))
        .contains("complete");
  }

  @SuppressWarnings("BanJNDI") // The address is that of a process of this test.
  private static void assertBeansExist(int jmxPort) throws Exception {
    List<String> beans =
        Pattern.compile("^\\| `(kafka\\.[^`]+)`", Pattern.MULTILINE)
            .matcher(Files.readString(OPERATIONS))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(beans).hasSize(5);
    JMXServiceURL url =
        new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:%d/jmxrmi".formatted(jmxPort));
    try (JMXConnector connector = JMXConnectorFactory.connect(url)) {
      for (String bean : beans) {
        assertThat(
                connector
                    .getMBeanServerConnection()
                    .queryNames(new ObjectName(bean.replace("…", "*")), null))
            .as(bean)
            .isNotEmpty();
      }
    }
  }

  @Test
  @Tag("slow")
  void addsPartitionsBacksUpAndResets() throws Exception {
    eddy("topics", "create", "--partitions", "2");
    feedAndActivate();
    serveUntil(SERVE, events);
    addPartitions(3);
    assertThat(shell.attempt(SERVE).output()).contains("topics alter");
    List<String> partitions = commands("## Scale");
    assertThat(partitions).hasSize(2).last().isEqualTo(SERVE);
    assertThat(shell.run(partitions.get(0) + " --settle PT0S")).contains("moving the states");
    DocumentShell.Running altered = shell.start(partitions.get(1));
    altered.awaitOutput("forecaster state: RUNNING");
    altered.stop();
    shell.run("./eddy verify");
    Map<String, double[]> forecasts = forecasts(broker);

    assertBackUpCanBeRestored(forecasts);
    assertResets();

    addPartitions(4);
    shell.run("./eddy reset --yes");
    assertThat(shell.run(inline("## Scale", "./eddy topics alter"))).contains("partitions 3 → 4");
  }

  private void assertBackUpCanBeRestored(Map<String, double[]> forecasts) throws Exception {
    shell.run(inline("## Back up and restore", "./eddy models history"));
    assertThat(new ObjectMapper().readTree(folder.resolve("history.json").toFile())).hasSize(1);
    List<String> commands = commands("## Back up and restore");
    assertThat(commands).hasSize(10);
    shell.run(commands.get(0));
    DocumentShell.Running restored = shell.start(commands.get(1));
    restored.awaitOutput("forecaster state: RUNNING");
    restored.stop();

    assertCopyGivesSameForecasts(commands.subList(2, 5), forecasts);
    Path other = Files.createDirectory(folder.resolve("other"));
    for (String file : List.of("v1.safetensors", "sensors.csv")) {
      Files.copy(folder.resolve(file), other.resolve(file));
    }
    try (EmbeddedBroker empty = EmbeddedBroker.start();
        DocumentShell restoring = shell(other, empty)) {
      for (String command : commands.subList(5, 9)) {
        restoring.run(command);
      }
      DocumentShell.Running serving = restoring.start(commands.get(9));
      awaitForecasts(empty, events);
      serving.stop();
      Map<String, double[]> derived = forecasts(empty);
      assertThat(derived.keySet()).isEqualTo(forecasts.keySet());
      derived.forEach((event, values) -> assertThat(values).isEqualTo(forecasts.get(event)));
    }
  }

  /** Copies the topics as MirrorMaker 2 does, then runs the commands. */
  private void assertCopyGivesSameForecasts(List<String> commands, Map<String, double[]> forecasts)
      throws Exception {
    Path folderOfCopy = Files.createDirectory(folder.resolve("copy"));
    try (EmbeddedBroker copy = EmbeddedBroker.start();
        DocumentShell copied = shell(folderOfCopy, copy)) {
      copied.run(commands.get(0) + " --partitions 3");
      for (String topic : List.of("sensor-events", "models", "activations")) {
        copy(topic, copy);
      }
      copied.run(commands.get(1));
      DocumentShell.Running serving = copied.start(commands.get(2));
      awaitForecasts(copy, events);
      serving.stop();
      Map<String, double[]> derived = forecasts(copy);
      assertThat(derived.keySet()).isEqualTo(forecasts.keySet());
      derived.forEach((event, values) -> assertThat(values).isEqualTo(forecasts.get(event)));
    }
  }

  private void copy(String topic, EmbeddedBroker target) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client(target), new ByteArraySerializer(), new ByteArraySerializer())) {
      new TopicReader(client(broker))
          .read(
              topic,
              record -> {
                var unused =
                    producer.send(
                        new ProducerRecord<>(
                            topic,
                            record.partition(),
                            record.timestamp(),
                            record.key(),
                            record.value(),
                            record.headers()));
              });
    }
  }

  private void assertResets() throws Exception {
    String document = Files.readString(OPERATIONS);
    DocumentShell.Running serving = shell.start(SERVE);
    serving.awaitOutput("forecaster state: RUNNING");
    EddyProcess.Result refused = shell.attempt("./eddy reset --yes");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.output())
        .contains("is running: stop every instance first", "-promotion at 127.0.0.1 in group");
    serving.stop();
    String plan = shell.run("./eddy reset --dry-run");
    for (String part :
        List.of(
            "committed offsets:",
            "topics to delete:",
            "consumer groups to delete:",
            "local state to delete:",
            "would keep: topics ")) {
      assertThat(document).contains(part);
      assertThat(plan).contains(part);
    }
    List<String> options =
        Pattern.compile("^\\| `(--[^`]+)`.* \\|", Pattern.MULTILINE)
            .matcher(document.substring(document.indexOf("\n## Reset\n")))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(options).hasSize(5);
    for (String option : options) {
      String every = option.replace("0=120,1=98", "0=12,1=9,2=0");
      shell.run("./eddy reset " + every + " --dry-run");
    }
    shell.run("./eddy reset --yes");
    List<String> commands = commands("## Reset");
    assertThat(commands).hasSize(3);
    assertThat(shell.run(commands.get(0))).contains("topic to delete", "forecast-scores");
    shell.run(commands.get(1));
    shell.run(commands.get(2));
    serveUntil(SERVE, events);
  }

  private void serveUntil(String command, int count) throws Exception {
    DocumentShell.Running serving = shell.start(command);
    awaitForecasts(broker, count);
    serving.stop();
  }

  private static List<String> commands(String heading) throws IOException {
    return DocumentShell.commands(OPERATIONS, heading);
  }

  /** Returns the first command in the text of a section that begins like this. */
  private static String inline(String heading, String begin) throws IOException {
    return DocumentShell.inlineCommands(OPERATIONS, heading).stream()
        .filter(command -> command.startsWith(begin))
        .findFirst()
        .orElseThrow();
  }

  /** Returns a command with the port of the instance in place of the default. */
  private String local(String command) {
    return command
        .replace("127.0.0.1:8080", "127.0.0.1:" + port)
        .replace("localhost:8080", "localhost:" + port);
  }

  private void feedAndActivate() {
    eddy("feed", "--csv", file("sensors.csv"));
    eddy("models", "publish", file("v1.safetensors"));
    eddy("models", "activate", ModelVersion.of(MODEL).shortSha(), "--reason", "test");
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  /** Runs a command of the preparation in this process. */
  private void eddy(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.get(0).equals("generate")) {
      all.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    }
    assertThat(Main.commandLine().execute(all.toArray(String[]::new))).as(all.toString()).isZero();
  }

  private void addPartitions(int count) throws Exception {
    try (Admin admin = Admin.create(client(broker))) {
      admin.createPartitions(Map.of("sensor-events", NewPartitions.increaseTo(count))).all().get();
    }
  }

  private static Map<String, Object> client(EmbeddedBroker broker) {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  private static void awaitForecasts(EmbeddedBroker broker, int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              AtomicLong found = new AtomicLong();
              new TopicReader(client(broker)).read("forecasts", record -> found.incrementAndGet());
              assertThat(found).hasValueGreaterThanOrEqualTo(count);
            });
  }

  /** Returns the values of all forecasts by series and origin. */
  private static Map<String, double[]> forecasts(EmbeddedBroker broker) {
    Map<String, double[]> found = new TreeMap<>();
    ForecastCodec codec = new ForecastCodec();
    new TopicReader(client(broker))
        .read(
            "forecasts",
            record -> {
              String series = new String(record.key(), StandardCharsets.UTF_8);
              PublishedForecast forecast = codec.decode(series, record.value());
              found.put(
                  series + "@" + forecast.forecast().origin().timestampMs(),
                  forecast.forecast().values());
            });
    return found;
  }
}
