package io.eddy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.Within;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Invalid values of the options of every command. */
class OptionsTest {
  private static final Set<Class<?>> NUMERIC =
      Set.of(
          int.class,
          Integer.class,
          double.class,
          Double.class,
          float.class,
          long.class,
          Long.class,
          Duration.class);

  /** Paths that commands write, or whose absence is valid. */
  private static final Set<String> OUTPUTS =
      Set.of(
          "--out",
          "--plot",
          "--episodes",
          "--write",
          "--forecasts",
          "--checkpoint",
          "--data",
          "--alerts",
          "--record",
          "--folder");

  @TempDir static Path folder;

  private final StringWriter err = new StringWriter();

  private static Stream<Arguments> numericOptions() {
    return arguments(argument -> !argument.typeInfo().isMap() && NUMERIC.contains(type(argument)));
  }

  private interface ArgumentFilter {
    boolean accepts(ArgSpec argument);
  }

  private static Stream<Arguments> arguments(ArgumentFilter filter) {
    return commands(Main.commandLine())
        .flatMap(
            spec ->
                spec.args().stream()
                    .filter(filter::accepts)
                    .map(argument -> Arguments.of(spec.qualifiedName(" "), name(argument))));
  }

  private static Stream<CommandSpec> commands(CommandLine command) {
    return Stream.concat(
        Stream.of(command.getCommandSpec()),
        command.getSubcommands().values().stream().flatMap(OptionsTest::commands));
  }

  private static Class<?> type(ArgSpec argument) {
    return argument.isMultiValue() ? argument.auxiliaryTypes()[0] : argument.type();
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  @ParameterizedTest
  @MethodSource("numericOptions")
  void rejectsNumberOutsideRange(String command, String option) throws Exception {
    ArgSpec argument = find(command, option);
    boolean isDuration = type(argument) == Duration.class;
    List<String> invalid =
        new ArrayList<>(
            isDuration ? List.of("x", "10", "P1M", "-PT1S") : List.of("x", "NaN", "1e999"));
    if (option.equals("--seed")) {
      invalid.remove("1e999");
    } else {
      Within range = annotation(argument, Within.class);
      assertThat(range).as("range of %s %s", command, option).isNotNull();
      Objects.requireNonNull(range);
      if (!isDuration) {
        invalid.add(text(argument, range.isMinExclusive() ? range.min() : range.min() - 1));
        if (range.max() < Double.MAX_VALUE) {
          invalid.add(text(argument, range.isMaxExclusive() ? range.max() : range.max() + 1));
        }
      }
    }
    for (String value : invalid) {
      err.getBuffer().setLength(0);

      assertThat(run(command, argument, value)).as(value + ": " + err).isEqualTo(2);
      assertThat(err.toString())
          .startsWith("eddy: " + option + ": ")
          .contains("got ")
          .doesNotContain("java.", "Exception");
    }
  }

  private static String text(ArgSpec argument, double value) {
    Class<?> type = type(argument);
    return type == double.class || type == Double.class
        ? Double.toString(value)
        : Long.toString((long) value);
  }

  private static Stream<Arguments> paths() {
    return arguments(argument -> type(argument) == Path.class);
  }

  @ParameterizedTest
  @MethodSource("paths")
  void missingInputIsUsageError(String command, String option) throws Exception {
    ArgSpec argument = find(command, option);
    InputFile input = annotation(argument, InputFile.class);
    if (OUTPUTS.contains(option) && input == null) {
      return;
    }
    assertThat(input).as("@InputFile of %s %s", command, option).isNotNull();
    String missing = folder.resolve("missing").toString();

    assertThat(run(command, argument, missing)).as(err.toString()).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("eddy: " + missing + ": no such " + (input.isFolder() ? "folder" : "file"));
  }

  @Test
  void durationsHaveShortForms() {
    CommandLine commands = Main.commandLine();

    commands.parseArgs("generate", "--out", "x", "--interval", "1h30m");

    ArgSpec interval =
        Objects.requireNonNull(commands.getSubcommands().get("generate"))
            .getCommandSpec()
            .findOption("--interval");
    assertThat((Duration) interval.getValue()).isEqualTo(Duration.ofMinutes(90));
  }

  private static ArgSpec find(String command, String name) {
    CommandLine found = Main.commandLine();
    for (String word : command.split(" ", -1)) {
      if (!word.equals("eddy")) {
        found = Objects.requireNonNull(found.getSubcommands().get(word));
      }
    }
    return found.getCommandSpec().args().stream()
        .filter(argument -> name(argument).equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static <T extends java.lang.annotation.Annotation> @Nullable T annotation(
      ArgSpec argument, Class<T> type) {
    return ((Field) argument.userObject()).getAnnotation(type);
  }

  /** Runs a command with the option, and with every other option that it requires. */
  private int run(String command, ArgSpec argument, String value) throws Exception {
    List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
    words.remove(0);
    add(words, argument, value);
    for (ArgSpec other : argument.command().args()) {
      if (other != argument && isRequired(other, argument)) {
        add(words, other, valid(other));
      }
    }
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(new StringWriter()));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(words.toArray(new String[0]));
  }

  private static void add(List<String> words, ArgSpec argument, String value) {
    if (argument instanceof OptionSpec option) {
      words.add(
          option.arity().max() == 0 ? option.longestName() : option.longestName() + "=" + value);
    } else {
      words.add(value);
    }
  }

  private static boolean isRequired(ArgSpec other, ArgSpec argument) {
    ArgGroupSpec group = other.group();
    if (group == null
        || (other instanceof OptionSpec option
            && option.required()
            && group.equals(argument.group())
            && !group.exclusive())) {
      return other.required();
    }
    // Of an exclusive group that is required, the first option.
    return group.exclusive()
        && group.multiplicity().min() > 0
        && !group.equals(argument.group())
        && other.equals(group.args().iterator().next());
  }

  private static String valid(ArgSpec argument) throws Exception {
    InputFile input = annotation(argument, InputFile.class);
    if (input != null) {
      return input.isFolder()
          ? folder.toString()
          : Files.writeString(folder.resolve("existing"), "").toString();
    }
    return type(argument) == Path.class ? folder.resolve("out").toString() : "1";
  }
}
