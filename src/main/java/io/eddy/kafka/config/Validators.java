package io.eddy.kafka.config;

import io.eddy.forecast.alert.AlertRules;
import io.eddy.series.DurationFormat;
import io.eddy.series.time.TimestampFormat;
import io.eddy.series.time.Zones;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** Validators of settings. Their {@code toString} completes the sentence "expected …". */
final class Validators {
  /** Disables a limit. */
  static final String OFF = "off";

  private static final String ZONE =
      "an IANA time zone such as Europe/Paris, UTC, or an offset such as +01:00";

  private static final Pattern LEGAL_NAME = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");
  private static final Pattern PERCENTAGE = Pattern.compile("\\d{1,6}(\\.\\d{1,6})?\\s?%");
  private static final Pattern BROKER =
      Pattern.compile("([0-9a-zA-Z%._-]*://)?(\\[[0-9a-fA-F:.%]+]|[0-9a-zA-Z%._-]+):[0-9]{1,5}");

  private Validators() {}

  /** Accepts a value that satisfies a condition. */
  private record Condition(String description, Predicate<Object> accepts)
      implements ConfigDef.Validator {
    @Override
    public void ensureValid(String name, @Nullable Object value) {
      if (value != null && !accepts.test(value)) {
        throw new ConfigException("%s: expected %s".formatted(name, description));
      }
    }

    @Override
    public String toString() {
      return description;
    }
  }

  /** Accepts text that a parser accepts. */
  static ConfigDef.Validator text(String description, Predicate<String> accepts) {
    return new Condition(description, value -> accepts.test(value.toString()));
  }

  /** Accepts a password with a property. */
  static ConfigDef.Validator password(String description, Predicate<String> accepts) {
    return new Condition(description, value -> accepts.test(((Password) value).value()));
  }

  /** Accepts a list with a property. */
  static ConfigDef.Validator list(String description, Predicate<List<String>> accepts) {
    return new Condition(
        description,
        value -> accepts.test(((List<?>) value).stream().map(String::valueOf).toList()));
  }

  /** Accepts one of several names. */
  static ConfigDef.Validator oneOf(Stream<String> accepted) {
    List<String> names = accepted.toList();
    int last = names.size() - 1;
    return text(
        String.join(", ", names.subList(0, last)) + " or " + names.get(last), names::contains);
  }

  /** Accepts an {@code INT} or {@code LONG} in a range. */
  static ConfigDef.Validator range(long min, long max) {
    return new Condition(
        "a whole number from %d to %d".formatted(min, max),
        value -> ((Number) value).longValue() >= min && ((Number) value).longValue() <= max);
  }

  /** Accepts a whole number in a range, as text, or a word in its place. */
  static ConfigDef.Validator rangeOr(int min, int max, String word) {
    String description =
        max == Integer.MAX_VALUE
            ? "a whole number from %d, or %s".formatted(min, word)
            : "a whole number from %d to %d, or %s".formatted(min, max, word);
    return text(description, text -> text.equals(word) || isIn(text, min, max));
  }

  private static boolean isIn(String text, int min, int max) {
    try {
      int number = Integer.parseInt(text);
      return number >= min && number <= max;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Accepts a finite {@code DOUBLE}. */
  static ConfigDef.Validator positiveNumber() {
    return new Condition(
        "a number above 0", value -> (Double) value > 0 && Double.isFinite((Double) value));
  }

  static ConfigDef.Validator finiteNumber() {
    return new Condition("a number", value -> Double.isFinite((Double) value));
  }

  static ConfigDef.Validator duration(Duration min, Duration max) {
    return text(
        "%s, from %s to %dd".formatted(DurationFormat.DESCRIPTION, inSeconds(min), max.toDays()),
        text -> isDuration(text, min, max));
  }

  /** Accepts a duration of at least {@code min}, or {@code off}. */
  static ConfigDef.Validator durationOrOff(Duration min) {
    return text(
        "%s, at least %s, or off".formatted(DurationFormat.DESCRIPTION, inSeconds(min)),
        text -> text.equals(OFF) || isDuration(text, min, Duration.ofMillis(Long.MAX_VALUE)));
  }

  /** Explains why a value is invalid; empty if there is no more to say. */
  static String explain(String expected, String text) {
    if (expected.equals(AlertRules.DESCRIPTION)) {
      return "; " + AlertSettings.problem(text);
    }
    if (expected.contains(DurationFormat.DESCRIPTION)) {
      return DurationFormat.isCalendarPeriod(text) ? "; " + DurationFormat.NO_CALENDAR : "";
    }
    String similar = expected.equals(ZONE) ? Zones.similar(text) : null;
    return similar == null ? "" : "; did you mean %s?".formatted(similar);
  }

  /** Accepts the name of a time zone. */
  static ConfigDef.Validator zone() {
    return text(ZONE, text -> accepts(Zones::of, text));
  }

  /** Accepts the format of a timestamp. */
  static ConfigDef.Validator timestampFormat() {
    return text(
        TimestampFormat.ids() + ", or a pattern such as dd.MM.yyyy HH:mm:ss",
        text -> accepts(TimestampFormat::of, text));
  }

  private static boolean accepts(Function<String, ?> parser, String text) {
    try {
      return parser.apply(text) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isDuration(String text, Duration min, Duration max) {
    try {
      Duration duration = DurationFormat.parse(text);
      return duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String inSeconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }

  static ConfigDef.Validator timestamp() {
    return text(
        "an ISO-8601 time in UTC from 1970 on, such as 2026-01-20T00:00:00Z",
        text -> {
          try {
            return Instant.parse(text).toEpochMilli() >= 0;
          } catch (DateTimeException | ArithmeticException e) {
            return false;
          }
        });
  }

  static ConfigDef.Validator percentageOrOff() {
    return text(
        "a percentage from 0%, such as 100%, or off",
        text -> text.equals(OFF) || PERCENTAGE.matcher(text).matches());
  }

  /** Accepts a percentage in a range. */
  static ConfigDef.Validator percentage(int min, int max) {
    return text(
        "a percentage from %d%% to %d%%".formatted(min, max),
        text ->
            PERCENTAGE.matcher(text).matches()
                && SettingValues.ratio(text) >= min / 100.0
                && SettingValues.ratio(text) <= max / 100.0);
  }

  /** Accepts a size of memory in a range. */
  static ConfigDef.Validator byteSize(long minBytes, long maxBytes) {
    return text(
        "a size from %s to %s, such as 64MiB"
            .formatted(ByteSize.format(minBytes), ByteSize.format(maxBytes)),
        text -> ByteSize.isIn(text, minBytes, maxBytes));
  }

  /** Accepts a name of a topic or of a consumer group that names topics. */
  static ConfigDef.Validator topicName() {
    return text(
        "1 to 249 of the characters a-z, A-Z, 0-9, '.', '_' and '-'",
        text -> LEGAL_NAME.matcher(text).matches());
  }

  static ConfigDef.Validator brokers() {
    return list(
        "host:port, several separated by commas",
        brokers ->
            !brokers.isEmpty() && brokers.stream().allMatch(b -> BROKER.matcher(b).matches()));
  }
}
