package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the commands of a document in a shell, as they are written: in a folder with the launcher
 * {@code eddy}, with settings from the environment. Ends the processes that it started.
 */
final class DocumentShell implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final Pattern HEADING = Pattern.compile("^#{2,3} .*$", Pattern.MULTILINE);
  private static final Pattern COMMENT = Pattern.compile(" +# .*$", Pattern.MULTILINE);

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> replacements = new LinkedHashMap<>();
  private final List<Running> running = new ArrayList<>();

  /** A command that runs until it is stopped. */
  record Running(Process process, Path log) {
    String output() {
      try {
        return Files.readString(log);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Waits until the output contains a text. */
    void awaitOutput(String text) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(output()).contains(text);
                assertThat(process.isAlive()).as(output()).isTrue();
              });
    }

    /** Sends SIGTERM; the exit code must be 0. */
    void stop() throws InterruptedException {
      process.destroy();
      awaitEnd();
    }

    void awaitEnd() throws InterruptedException {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(output()).isZero();
    }

    String pid() {
      return Long.toString(process.pid());
    }
  }

  /** Creates a shell whose commands use a broker. */
  DocumentShell(Path folder, String bootstrapServers) throws IOException {
    this.folder = folder;
    environment.put("EDDY_BOOTSTRAP_SERVERS", bootstrapServers);
    environment.put("EDDY_HTTP_LISTEN", "127.0.0.1:0");
    List<String> java = EddyProcess.of().command();
    Path launcher = folder.resolve("eddy");
    Files.writeString(
        launcher,
        """
        #!/bin/bash
        case $1 in
          train | backtest | inspect) mode=-XX:+UseParallelGC ;;
          *) mode="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" ;;
        esac
        exec %s $mode ${EDDY_OPTS:-} '%s' "$@"
        """
            .formatted(java.get(0), String.join("' '", java.subList(1, java.size()))));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  DocumentShell set(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Replaces a word of the document, such as the name of a version, in all commands. */
  DocumentShell replace(String word, String value) {
    replacements.put(word, value);
    return this;
  }

  Path folder() {
    return folder;
  }

  /** Returns the commands of the shell blocks of a section, without comments. */
  static List<String> commands(Path document, String heading) throws IOException {
    List<String> commands = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(section(document, heading));
    while (blocks.find()) {
      String block = blocks.group(1).replace("\\\n", " ");
      COMMENT
          .matcher(block)
          .replaceAll("")
          .lines()
          .filter(l -> !l.isBlank())
          .forEach(commands::add);
    }
    return commands;
  }

  /** Returns the commands in the text of a section, such as those in its tables. */
  static List<String> inlineCommands(Path document, String heading) throws IOException {
    return Pattern.compile("`(\\./eddy [^`]+)`")
        .matcher(section(document, heading))
        .results()
        .map(match -> match.group(1))
        .distinct()
        .toList();
  }

  /** Returns the headings of the sections that have shell blocks. */
  static List<String> sectionsWithCommands(Path document) throws IOException {
    List<String> found = new ArrayList<>();
    for (String heading :
        HEADING.matcher(Files.readString(document)).results().map(m -> m.group()).toList()) {
      if (!commands(document, heading).isEmpty()) {
        found.add(heading);
      }
    }
    return found;
  }

  private static String section(Path document, String heading) throws IOException {
    String text = Files.readString(document);
    int begin = text.indexOf(heading + "\n");
    assertThat(begin).as(heading).isNotNegative();
    Matcher next = Pattern.compile("\n##+ ").matcher(text);
    return text.substring(
        begin, next.find(begin + heading.length()) ? next.start() : text.length());
  }

  /** Runs a command, which must succeed, and returns its output. */
  String run(String line) throws IOException, InterruptedException {
    EddyProcess.Result result = attempt(line);
    assertThat(result.exitCode()).as(line + "\n" + result.output()).isZero();
    return result.output();
  }

  /** Runs a command and returns its exit code and output, with standard error. */
  EddyProcess.Result attempt(String line) throws IOException, InterruptedException {
    Process process = builder(line).redirectErrorStream(true).start();
    byte[] output = process.getInputStream().readAllBytes();
    return new EddyProcess.Result(process.waitFor(), new String(output, StandardCharsets.UTF_8));
  }

  /** Starts a command that runs until it is stopped. */
  Running start(String line) throws IOException {
    Path log = folder.resolve("command-%d.log".formatted(running.size()));
    Process process = builder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Running started = new Running(process, log);
    running.add(started);
    return started;
  }

  private ProcessBuilder builder(String line) {
    String command = line;
    for (Map.Entry<String, String> each : replacements.entrySet()) {
      command = command.replace(each.getKey(), each.getValue());
    }
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", command).directory(folder.toFile());
    builder.environment().putAll(environment);
    return builder;
  }

  @Override
  public void close() {
    running.forEach(each -> each.process().destroyForcibly());
  }
}
