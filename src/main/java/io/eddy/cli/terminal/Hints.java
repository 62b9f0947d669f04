package io.eddy.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Completes the commands that messages suggest, such as <code>`eddy topics create`</code>, so that
 * they work as printed: with the program as the user started it, and with the user's settings.
 */
public final class Hints {
  private static final Pattern COMMAND = Pattern.compile("`eddy ([^`]+)`");
  private static final List<String> SETTINGS = List.of("--config", "--set", "--bootstrap-servers");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

  private Hints() {}

  /** Returns a message of a command with complete commands. */
  public static String complete(String message, CommandSpec command) {
    if (!message.contains("`eddy ")) {
      return message;
    }
    return COMMAND
        .matcher(message)
        .replaceAll(
            match -> Matcher.quoteReplacement(complete(match.group(1), command, program())));
  }

  /** Returns the program as the user started it. */
  public static String program() {
    return System.getProperty("eddy.command", "eddy");
  }

  private static String complete(String words, CommandSpec command, String program) {
    StringBuilder line = new StringBuilder("`").append(quote(program)).append(' ').append(words);
    CommandLine suggested = find(command.root().commandLine(), words);
    ParseResult given = command.commandLine().getParseResult();
    if (given != null && !words.endsWith("--help")) {
      for (String option : SETTINGS) {
        if (suggested.getCommandSpec().findOption(option) != null && !words.contains(option)) {
          values(given, option).forEach(v -> line.append(' ').append(option).append(' ').append(v));
        }
      }
    }
    return line.append('`').toString();
  }

  private static CommandLine find(CommandLine root, String words) {
    CommandLine found = root;
    for (String word : words.split(" ", -1)) {
      CommandLine next = found.getSubcommands().get(word);
      if (next == null) {
        return found;
      }
      found = next;
    }
    return found;
  }

  private static List<String> values(ParseResult given, String option) {
    @Nullable OptionSpec matched = given.matchedOption(option);
    List<String> values = new ArrayList<>();
    if (matched != null) {
      matched.originalStringValues().forEach(value -> values.add(quote(value)));
    }
    return Objects.requireNonNull(values);
  }

  /** Quotes a word for a shell if necessary. */
  private static String quote(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
