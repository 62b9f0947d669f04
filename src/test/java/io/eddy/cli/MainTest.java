package io.eddy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class MainTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 2 | eddy: Missing required subcommand",
        "serv | 2 | eddy: Unmatched argument at index 0: 'serv'",
        "train | 2 | eddy: Error: Missing required argument (specify one of these): (--csv=FILE |"
            + " --topic=TOPIC)",
        "train --csv x.csv --epochs none | 2 | eddy: --epochs: expected a whole number, got 'none'",
        "train --csv missing.csv | 2 | eddy: missing.csv: no such file",
        "train --csv pom.xml --out nowhere/model | 2 | eddy: cannot write nowhere/model: no"
            + " such folder",
        "forecast --model missing --csv pom.xml --out x | 2 | eddy: missing: no such file",
        "topics | 2 | eddy: Missing required subcommand",
        "topics create --bootstrap-servers localhost:1 | 1 | eddy: no broker answers at"
            + " localhost:1: start one (`eddy broker --port 1`)",
        "feed --csv pom.xml --format xml | 2 | eddy: --format: event format: expected one of",
        "serve --config missing.properties | 2 | eddy: missing.properties: no such file",
        "verify --config missing.properties | 2 | eddy: missing.properties: no such file",
        "verify --from yesterday | 2 | eddy: --from: expected a time such as 2026-01-20T00:00:00Z,"
            + " got 'yesterday'",
        "verify --from 2026-01-20T00:00:00Z --to 2026-01-20T00:00:00Z | 2 | eddy: --from: expected"
            + " a time before --to",
        "verify --bootstrap-servers localhost:1 | 1 | eddy: no broker answers at localhost:1",
        "generate --series 0 --out x | 2 | eddy: --series: expected a whole number from 1 to"
            + " 1000000, got 0",
        "broker --port 70000 | 2 | eddy: --port: expected a whole number from 1 to 65535, got"
            + " 70000",
      })
  void reportsErrorsInOneLine(String arguments, int exitCode, String message) {
    int actual = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

    assertThat(err.toString()).startsWith(message).doesNotContain("\tat ");
    assertThat(actual).isEqualTo(exitCode);
  }

  @ParameterizedTest
  @MethodSource("commandNames")
  void everyCommandHasHelp(String name) {
    List<String> words = new ArrayList<>(List.of(name.split(" ", -1)));
    CommandLine command = Main.commandLine();
    for (String word : words.subList(1, words.size())) {
      command = Objects.requireNonNull(command.getSubcommands().get(word));
    }
    words.add("--help");

    // picocli reports malformed descriptions there.
    PrintStream standardError = System.err;
    ByteArrayOutputStream warnings = new ByteArrayOutputStream();
    System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
    try {
      assertThat(run(words.subList(1, words.size()).toArray(String[]::new))).isZero();
    } finally {
      System.setErr(standardError);
    }
    assertThat(warnings.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(out.toString()).startsWith("Usage: " + name);
    assertThat(out.toString().lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    CommandSpec spec = command.getCommandSpec();
    // The list of commands shows the first line.
    assertThat(spec.usageMessage().description()[0]).hasSizeLessThanOrEqualTo(100);
    assertThat(spec.usageMessage().description())
        .isNotEmpty()
        .allSatisfy(MainTest::assertSentences);
    assertThat(spec.args())
        .allSatisfy(argument -> assertThat(argument.description()).isNotEmpty())
        .allSatisfy(argument -> assertSentences(String.join(" ", argument.description())));
  }

  private static void assertSentences(String description) {
    assertThat(description)
        .matches("(?s)[A-Z].*\\.")
        .doesNotContainPattern(
            "\\b(?i:what|whatever|whoever|beside|anew|foretell|judge|speaks)\\b");
  }

  static Stream<String> commandNames() {
    return names(Main.commandLine());
  }

  private static Stream<String> names(CommandLine command) {
    Stream<String> subcommands =
        command.getSubcommands().entrySet().stream()
            .filter(entry -> !entry.getKey().equals("help"))
            .flatMap(entry -> names(entry.getValue()));
    return Stream.concat(Stream.of(command.getCommandSpec().qualifiedName()), subcommands);
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo --once", "broker --port 9092", "bench cells --help"})
  void reportsMissingDevelopmentCommands(String arguments) {
    Thread thread = Thread.currentThread();
    ClassLoader loader = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      String[] words = arguments.split(" ");

      assertThat(run(words)).isEqualTo(2);
      assertThat(err.toString())
          .isEqualTo("eddy: the command %s is not part of this installation%n".formatted(words[0]));
    } finally {
      thread.setContextClassLoader(loader);
    }
  }

  @Test
  void rejectsUnknownSettingInFile() throws IOException {
    Path config = Files.writeString(folder.resolve("x.properties"), "topic.event=x\n");

    assertThat(run("serve", "--config", config.toString())).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            "eddy: %s:1: unknown setting \"topic.event\"; did you mean \"topic.events\"?%n"
                .formatted(config));
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "topics check", "models list", "verify", "check"})
  void rejectsInvalidAssignment(String command) {
    List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
    arguments.addAll(List.of("--set", "threads=many"));

    assertThat(run(arguments.toArray(String[]::new))).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            "eddy: --set: threads: expected a whole number from 1 to 999, got \"many\"%n"
                .formatted());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "activate abc --over PT10M|--over requires --from",
        "activate abc --urgent --from 2026-01-20T00:00:00Z|--urgent cannot be combined with --from"
            + " or --over",
        "activate abc --from 2026-01-20T00:00:00Z --over PT0S|--over: expected a duration of at"
            + " least 1 ms, got PT0S",
        "activate abc --from 2026-01-20T00:00:00Z --over P32D|--over: migration period: expected at"
            + " most 31 days",
        "shadow abc --urgent|--urgent does not apply to shadows",
      })
  void rejectsInvalidActivationTimes(String arguments, String message) {
    assertThat(run(("models " + arguments).split(" "))).isEqualTo(2);
    assertThat(err.toString()).startsWith("eddy: " + message);
  }

  @ParameterizedTest
  @CsvSource({"at_least_once, 1", "exactly_once_v2, 0"})
  void serveWarnsAboutAtLeastOnce(String guarantee, int warnings) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("x.properties"),
            "bootstrap.servers=nowhere.invalid:1\nhttp.listen=off\nkafka.processing.guarantee=%s\n"
                .formatted(guarantee));

    assertThat(run("serve", "--config", config.toString())).isEqualTo(1);
    assertThat(err.toString().lines().filter(line -> line.startsWith("warning: with kafka.")))
        .hasSize(warnings);
  }

  @Test
  void serveNamesTheSettingOfAPortInUse() throws IOException {
    try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + used.getLocalPort();

      assertThat(run("serve", "--set", "http.listen=" + address)).isEqualTo(1);
      assertThat(err.toString())
          .isEqualTo(
              "eddy: http.listen: cannot listen on %s: the port is in use; set http.listen to another address, or to off%n"
                  .formatted(address));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http.listen=8080|http.listen: expected host:port, [IPv6 address]:port or off, got \"8080\"",
        "http.listen=::1:80|http.listen: expected host:port, [IPv6 address]:port or off, got \"::1:80\"",
        "http.token=short|http.token: expected at least 16 letters, digits and characters of -._~+/=",
        "http.tls.key=key.pem|http.tls.key: expected http.tls.keystore too",
      })
  void rejectsInvalidHttpSettings(String setting, String message) {
    assertThat(run("serve", "--set", setting)).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("eddy: --set: %s%n".formatted(message));
  }

  @Test
  void trainAndForecastAreReproducible() throws IOException {
    Path csv = folder.resolve("sensors.csv");
    assertThat(run("generate", "--series", "4", "--days", "12", "--out", csv.toString())).isZero();

    Path[] models = {folder.resolve("a"), folder.resolve("b")};
    Path[] forecasts = {folder.resolve("a.csv"), folder.resolve("b.csv")};
    for (int i = 0; i < 2; i++) {
      assertThat(
              run(
                  "train",
                  "--csv",
                  csv.toString(),
                  "--epochs",
                  "1",
                  "--hidden",
                  "8",
                  "--horizon",
                  "6",
                  "--threads",
                  Integer.toString(i + 1),
                  "--out",
                  models[i].toString()))
          .as(err.toString())
          .isZero();
      assertThat(
              run(
                  "forecast",
                  "--model",
                  models[i].toString(),
                  "--csv",
                  csv.toString(),
                  "--out",
                  forecasts[i].toString()))
          .isZero();
    }

    assertThat(models[0]).hasSameBinaryContentAs(models[1]);
    assertThat(forecasts[0]).hasSameBinaryContentAs(forecasts[1]);
    List<String> lines = Files.readAllLines(forecasts[0]);
    assertThat(lines.get(0))
        .isEqualTo(
            "series,origin,step,timestamp,mean,q0.1,q0.2,q0.3,q0.4,q0.5,q0.6,q0.7,q0.8,q0.9,model");
    assertThat(lines).hasSize(1 + 6 * (Files.readAllLines(csv).size() - 1));
  }

  @Test
  void trainsAndForecastsClasses() throws IOException {
    Path csv = Files.writeString(folder.resolve("states.csv"), states(300, "2"));
    Path model = folder.resolve("model");
    Path forecasts = folder.resolve("forecasts.csv");
    Path plot = folder.resolve("forecast.svg");

    assertThat(train(csv, model, "--head", "softmax")).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("accuracy on the test split (last 15 % of the data), all steps ahead:")
        .containsPattern("model +\\d+\\.\\d %")
        .containsPattern("seasonal naive +\\d+\\.\\d %")
        .containsPattern("cross-entropy \\d");
    int exitCode =
        run(
            "forecast",
            "--model",
            model.toString(),
            "--csv",
            csv.toString(),
            "--out",
            forecasts.toString(),
            "--plot",
            plot.toString());

    assertThat(exitCode).isZero();
    List<String> lines = Files.readAllLines(forecasts);
    assertThat(lines.get(0)).isEqualTo("series,origin,step,timestamp,class,p0,p1,p2,model");
    assertThat(lines).hasSize(1 + 6 * 300);
    assertThat(plot)
        .content()
        .startsWith("<svg ")
        .contains("press: 6 hours ahead from 2026-01-17 05:00 UTC");
    assertThat(lines.get(1)).matches("press,[^,]+,1,[^,]+,[012],0\\.\\d+,.*");
  }

  @Test
  void rejectsValuesThatAreNotClasses() throws IOException {
    Path csv = Files.writeString(folder.resolve("states.csv"), states(300, "2.5"));

    assertThat(train(csv, folder.resolve("model"), "--head", "softmax")).isEqualTo(1);
    assertThat(err.toString())
        .contains(
            "eddy: series press at 2026-01-07T00:00:00Z: expected a class, a whole number from 0 to"
                + " 999, got 2.5");
  }

  @Test
  void rejectsClassAboveLimit() throws IOException {
    Path csv = Files.writeString(folder.resolve("states.csv"), states(300, "2"));

    assertThat(train(csv, folder.resolve("model"), "--head", "softmax", "--classes", "2"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("expected a class, a whole number from 0 to 1, got 2.0");
  }

  private int train(Path csv, Path model, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", "--csv", csv.toString(), "--out", model.toString(), "--epochs", "1"));
    arguments.addAll(List.of("--hidden", "8", "--horizon", "6"));
    arguments.addAll(List.of(options));
    return run(arguments.toArray(new String[0]));
  }

  /**
   * Returns hourly states of a machine: off, idle and running.
   *
   * @param odd state of one hour
   */
  private static String states(int hours, String odd) {
    StringBuilder text = new StringBuilder("series,timestamp,value\n");
    Instant begin = Instant.parse("2026-01-05T00:00:00Z");
    for (int hour = 0; hour < hours; hour++) {
      String state = hour == 48 ? odd : hour % 24 < 8 ? "0" : hour % 3 == 0 ? "1" : "2";
      text.append("press,").append(begin.plus(Duration.ofHours(hour)));
      text.append(',').append(state).append('\n');
    }
    return text.toString();
  }

  @Test
  void invalidInputLeavesNoPartialOutput() throws IOException {
    Path model =
        Files.write(
            folder.resolve("model"), Models.file(Models.specification(CellKind.GRU, 8, 24), 1));
    Path csv =
        Files.writeString(
            folder.resolve("x.csv"),
            "series,timestamp,value\na,2026-01-05T00:00Z,2\na,2026-01-05T01:00Z,three\n");
    Path output = folder.resolve("forecasts.csv");

    int exitCode =
        run(
            "forecast",
            "--model",
            model.toString(),
            "--csv",
            csv.toString(),
            "--out",
            output.toString());

    assertThat(exitCode).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("eddy: " + csv + " line 3, column value: expected a number, got 'three'");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(model, csv);
    }
  }

  @Test
  void writesThroughSymbolicLink() throws IOException {
    Path target = Files.createFile(folder.resolve("target.csv"));
    Path link = Files.createSymbolicLink(folder.resolve("link.csv"), target);

    int exitCode = run("generate", "--series", "1", "--days", "1", "--out", link.toString());

    assertThat(exitCode).isZero();
    assertThat(link).isSymbolicLink();
    assertThat(target).content().startsWith("series,timestamp,value\nsensor-000,");
  }

  private int run(String... arguments) {
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(arguments);
  }
}
