package io.eddy.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Checks every command that a message in the sources suggests. */
class HintsTest {
  private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+\\s*\"");
  private static final Pattern HINT = Pattern.compile("`(eddy [a-z][^`\"]*)`");

  static Set<String> suggestions() throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        String text = CONCATENATION.matcher(Files.readString(file)).replaceAll("");
        HINT.matcher(text)
            .results()
            .map(match -> match.group(1).replace("%s", ""))
            .forEach(found::add);
      }
    }
    assertThat(found).contains("eddy topics create", "eddy reset --local", "eddy models list");
    return found;
  }

  @ParameterizedTest
  @MethodSource("suggestions")
  void suggestionExistsAndGetsSettingsOfUser(String suggestion) {
    CommandLine root = Main.commandLine();
    CommandLine.ParseResult given =
        root.parseArgs("topics", "alter", "--config", "my.properties", "--set", "threads=2");
    CommandLine suggested = root;
    for (String word : suggestion.substring("eddy ".length()).split(" ", -1)) {
      if (!word.startsWith("--") && suggested.getSubcommands().containsKey(word)) {
        suggested = suggested.getSubcommands().get(word);
      } else if (word.startsWith("--")) {
        assertThat(suggested.getCommandSpec().findOption(word)).as(suggestion).isNotNull();
      }
    }
    assertThat(suggested).as(suggestion).isNotSameAs(root);

    String completed =
        Hints.complete("do `" + suggestion + "`", given.subcommand().subcommand().commandSpec());

    boolean hasSettings = suggested.getCommandSpec().findOption("--config") != null;
    assertThat(completed)
        .isEqualTo(
            "do `%s%s`"
                .formatted(
                    suggestion, hasSettings ? " --config my.properties --set threads=2" : ""));
  }
}
