package io.eddy.cli;

import io.eddy.series.DurationFormat;
import io.eddy.series.NumberText;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts the values of options. Messages say what is expected, without names of Java types. */
final class ValueConverters {
  private ValueConverters() {}

  /** Registers the converters for a command and its subcommands. */
  static void register(CommandLine command) {
    ITypeConverter<Integer> integer = number("a whole number", Integer::valueOf);
    ITypeConverter<Long> longInteger = number("a whole number", Long::valueOf);
    ITypeConverter<Double> decimal = number("a number", ValueConverters::finite);
    command
        .registerConverter(Integer.class, integer)
        .registerConverter(int.class, integer)
        .registerConverter(Long.class, longInteger)
        .registerConverter(long.class, longInteger)
        .registerConverter(Double.class, decimal)
        .registerConverter(double.class, decimal)
        .registerConverter(Duration.class, ValueConverters::duration)
        .registerConverter(Instant.class, ValueConverters::time);
  }

  private static <T> ITypeConverter<T> number(String description, Function<String, T> parser) {
    return text -> {
      try {
        return parser.apply(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("expected %s, got '%s'".formatted(description, text));
      }
    };
  }

  private static Double finite(String text) {
    double value = NumberText.parse(text);
    if (!Double.isFinite(value)) {
      throw new NumberFormatException(text);
    }
    return value;
  }

  private static Duration duration(String text) {
    try {
      return DurationFormat.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new TypeConversionException(
          "expected a time such as 2026-01-20T00:00:00Z, got '%s'".formatted(text));
    }
  }
}
