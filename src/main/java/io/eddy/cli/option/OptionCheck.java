package io.eddy.cli.option;

import io.eddy.cli.terminal.UsageException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Checks the values of options that are annotated with {@link Within} or {@link InputFile}. */
public final class OptionCheck {
  private static final double MAX_PLAIN = 1e15;

  private OptionCheck() {}

  /**
   * Checks the options and parameters of a command line and of its subcommands.
   *
   * @throws UsageException naming the first invalid option
   */
  public static void verify(ParseResult parsed) {
    for (ArgSpec argument : parsed.matchedArgs()) {
      if (argument.userObject() instanceof Field field) {
        verify(argument, field);
      }
    }
    if (parsed.hasSubcommand()) {
      verify(parsed.subcommand());
    }
  }

  private static void verify(ArgSpec argument, Field field) {
    Within range = field.getAnnotation(Within.class);
    InputFile input = field.getAnnotation(InputFile.class);
    for (Object value : values(argument)) {
      if (range != null && !contains(range, value)) {
        throw new UsageException(
            "%s: expected %s, got %s"
                .formatted(name(argument), describe(range, value), given(argument, value)));
      }
      if (input != null) {
        requireReadable((Path) value, input.isFolder());
      }
    }
  }

  private static Collection<?> values(ArgSpec argument) {
    Object value = argument.getValue();
    if (value instanceof Collection<?> several) {
      return several;
    }
    return value == null ? List.of() : List.of(value);
  }

  /**
   * Checks that a file given on the command line can be read.
   *
   * @throws UsageException if it cannot
   */
  public static void requireReadable(Path file) {
    requireReadable(file, false);
  }

  private static void requireReadable(Path file, boolean isFolder) {
    if (!Files.exists(file)) {
      throw new UsageException("%s: no such %s".formatted(file, isFolder ? "folder" : "file"));
    }
    if (Files.isDirectory(file) != isFolder) {
      throw new UsageException(
          "%s: expected a %s".formatted(file, isFolder ? "folder" : "file, found a folder"));
    }
    if (!Files.isReadable(file)) {
      throw new UsageException("%s: no permission to read it".formatted(file));
    }
  }

  private static boolean contains(Within range, Object value) {
    double number =
        value instanceof Duration duration
            ? duration.toSeconds() * 1e3 + duration.toNanosPart() * 1e-6
            : ((Number) value).doubleValue();
    return (range.isMinExclusive() ? number > range.min() : number >= range.min())
        && (range.isMaxExclusive() ? number < range.max() : number <= range.max());
  }

  private static String describe(Within range, Object value) {
    if (value instanceof Duration) {
      return "a duration of at least %s ms".formatted(number(range.min()));
    }
    String kind = value instanceof Double ? "a number" : "a whole number";
    if (range.max() == Double.MAX_VALUE) {
      return kind + (range.isMinExclusive() ? " above " : " of at least ") + number(range.min());
    }
    if (!range.isMinExclusive() && !range.isMaxExclusive()) {
      return "%s from %s to %s".formatted(kind, number(range.min()), number(range.max()));
    }
    return "%s %s %s and %s %s"
        .formatted(
            kind,
            range.isMinExclusive() ? "above" : "of at least",
            number(range.min()),
            range.isMaxExclusive() ? "below" : "at most",
            number(range.max()));
  }

  private static String number(double value) {
    return Math.rint(value) == value && Math.abs(value) < MAX_PLAIN
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static String given(ArgSpec argument, @Nullable Object value) {
    List<String> texts = argument.originalStringValues();
    return texts.size() == 1 ? texts.get(0) : String.valueOf(value);
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }
}
