package io.eddy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.embedded.EmbeddedBroker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs every command that has {@code --json} and parses its standard output. */
class JsonOutputIT {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final Pattern FIELD = Pattern.compile("[a-z][a-zA-Z0-9]*");
  private static final Set<String> MEASURES =
      Set.of("mase", "smape", "wql", "rmse", "mae", "mse", "msis", "mape", "owa");

  /** Measure for minutes. */
  private static final Set<String> NOT_RUN =
      Set.of(
          "eddy bench accuracy",
          "eddy bench cells",
          "eddy bench combination",
          "eddy bench migration",
          "eddy bench models",
          "eddy bench overload",
          "eddy bench stream",
          "eddy bench training",
          "eddy bench watchers",
          "eddy campaign");

  /** Print one document per line. */
  private static final Set<String> LINES = Set.of("eddy tail");

  /** Objects whose keys are data, such as names of cells or of scores. */
  private static final Set<String> KEYED_BY_DATA =
      Set.of("cells", "scores", "rejected", "refused", "deadLetters", "kinds");

  @TempDir Path folder;

  private final List<String> problems = new ArrayList<>();
  private final Set<String> executed = new TreeSet<>();
  private String bootstrapServers = "";

  @Test
  void everyCommandPrintsJsonAndNothingElse() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      bootstrapServers = broker.bootstrapServers();
      runFileCommands();
      runTopicCommands();
      runModelCommands();
      runClosingCommands();
    }

    assertThat(problems).isEmpty();
    assertThat(executed).containsExactlyInAnyOrderElementsOf(commandsWithJson());
  }

  private void runFileCommands() throws Exception {
    json(0, "generate --series 3 --days 16 --out @/a.csv");
    json(0, "train --csv @/a.csv --epochs 1 --hidden 4 --horizon 3 --season 24 --out @/a");
    json(0, "train --csv @/a.csv --epochs 1 --hidden 4 --horizon 3 --season 24 --seed 2 --out @/b");
    json(0, "forecast --model @/a --csv @/a.csv --out @/f.csv");
    json(0, "anomalies --model @/a --csv @/a.csv --out @/s.csv");
    json(0, "backtest --model @/a --csv @/a.csv --every 24");
    json(0, "inspect @/a");
    json(0, "export --onnx @/a --out @/a.onnx");
    Files.writeString(folder.resolve("a.json"), specification(folder.resolve("a")));
    json(0, "import @/a --specification @/a.json --out @/c");
    json(0, "models keygen --out @/key");
  }

  /** Returns the specification in the metadata of a model file. */
  private static String specification(Path model) throws Exception {
    byte[] file = Files.readAllBytes(model);
    int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return JSON.readTree(file, Long.BYTES, length).get("__metadata__").get("eddy").asText();
  }

  private void runTopicCommands() throws Exception {
    JsonNode problems = json(1, "topics check --bootstrap-servers B");
    assertThat(problems).isNotEmpty();
    json(0, "topics create --partitions 1 --bootstrap-servers B");
    assertThat(json(0, "topics check --bootstrap-servers B")).isEmpty();
    json(0, "topics alter --dry-run --bootstrap-servers B");
    json(0, "feed --csv @/a.csv --bootstrap-servers B");
    json(0, "check --bootstrap-servers B");
    json(0, "simulate --for 2h --speed max --bootstrap-servers B");
    json(0, "verify --bootstrap-servers B");
  }

  private void runModelCommands() throws Exception {
    String a = json(0, "models publish @/a --bootstrap-servers B").path("version").asText();
    String b = json(0, "models publish @/b --bootstrap-servers B").path("version").asText();
    json(0, "models activate " + a + " --bootstrap-servers B");
    json(0, "models list --bootstrap-servers B");
    json(0, "models preview " + b + " --bootstrap-servers B");
    json(0, "models shadow " + b + " --bootstrap-servers B");
    json(0, "models status --bootstrap-servers B");
    json(0, "models promote --bootstrap-servers B");
    json(0, "models rollback --bootstrap-servers B");
    json(0, "models activate " + b + " --prefix sensor-000 --bootstrap-servers B");
    json(0, "models end --prefix sensor-000 --bootstrap-servers B");
    json(0, "models history --bootstrap-servers B");
    json(0, "models retire " + b + " --bootstrap-servers B");
    json(0, "tail activations --from-beginning --bootstrap-servers B");
  }

  private void runClosingCommands() throws Exception {
    json(0, "reset --to-earliest --dry-run --bootstrap-servers B");
    json(0, "topics delete --dry-run --bootstrap-servers B");
  }

  /** Runs a command with {@code --json} and returns its document; the last one of several lines. */
  private JsonNode json(int exitCode, String words) throws Exception {
    List<String> arguments = new ArrayList<>();
    for (String word : words.split(" ", -1)) {
      arguments.add(word.equals("B") ? bootstrapServers : word.replace("@", folder.toString()));
    }
    arguments.add("--json");
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    CommandLine commands = Main.commandLine();
    // What a library prints to the process's standard output counts too.
    PrintStream original = System.out;
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    System.setOut(out);
    int actual;
    try {
      commands.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
      commands.setErr(new PrintWriter(err, true));
      actual = commands.execute(arguments.toArray(String[]::new));
    } finally {
      System.setOut(original);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    if (actual != exitCode) {
      problems.add("%s: exit code %d, %s%s".formatted(words, actual, text, err));
    }
    String name = name(commands.getParseResult());
    executed.add(name);
    JsonNode document = JSON.getNodeFactory().nullNode();
    for (String part : LINES.contains(name) ? text.lines().toList() : List.of(text)) {
      document = parse(words, part);
      checkConventions(words, document, false);
    }
    if (!document.isContainerNode()) {
      problems.add(words + ": no document in: " + text);
    }
    return document;
  }

  private JsonNode parse(String command, String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      problems.add("%s: not one document: %s".formatted(command, text));
      return JSON.getNodeFactory().nullNode();
    }
  }

  private static String name(CommandLine.ParseResult parsed) {
    return parsed.hasSubcommand()
        ? name(parsed.subcommand())
        : parsed.commandSpec().qualifiedName(" ");
  }

  private void checkConventions(String command, JsonNode node, boolean isKeyedByData) {
    node.properties()
        .forEach(
            field -> {
              String name = field.getKey();
              JsonNode value = field.getValue();
              if (!isKeyedByData && !FIELD.matcher(name).matches()) {
                problems.add(command + ": field " + name);
              }
              if (MEASURES.contains(name.toLowerCase(Locale.ROOT)) && !MEASURES.contains(name)) {
                problems.add(command + ": measure " + name);
              }
              if (name.endsWith("Ms") && value.isNumber() && !value.isIntegralNumber()) {
                problems.add(command + ": " + name + " is not a time");
              }
              if (name.toLowerCase(Locale.ROOT).matches("interval(ms)?|spread(ms)?")
                  && value.isNumber()) {
                problems.add(command + ": duration " + name + " is a number");
              }
              checkConventions(command, value, KEYED_BY_DATA.contains(name));
            });
    if (node.isArray()) {
      node.forEach(element -> checkConventions(command, element, false));
    }
  }

  private static Set<String> commandsWithJson() {
    Set<String> names = new TreeSet<>();
    addCommandsWithJson(Main.commandLine(), names);
    assertThat(names).containsAll(NOT_RUN);
    names.removeAll(NOT_RUN);
    return names;
  }

  private static void addCommandsWithJson(CommandLine command, Set<String> names) {
    if (command.getCommandSpec().findOption("--json") != null) {
      names.add(command.getCommandSpec().qualifiedName(" "));
    }
    command.getSubcommands().values().forEach(sub -> addCommandsWithJson(sub, names));
  }
}
