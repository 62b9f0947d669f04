package io.eddy.kafka.config;

import io.eddy.kafka.config.SettingSources.RawSetting;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * Parsed settings. Invalid ones have their default here and are listed among the problems, so that
 * all of them are reported at once.
 */
final class SettingValues {
  private static final int MAX_SHOWN = 80;

  private final Map<String, RawSetting> raw;
  private final List<String> problems;
  private final AbstractConfig values;

  /**
   * Parses settings.
   *
   * @param raw by key; those of Kafka's clients are ignored
   * @param problems extended by the problems found
   */
  SettingValues(Map<String, RawSetting> raw, List<String> problems) {
    this.raw = raw;
    this.problems = problems;
    values = new AbstractConfig(EddyConfig.DEFINITION, valid(), false);
  }

  private Map<String, String> valid() {
    Map<String, String> valid = new HashMap<>();
    raw.forEach(
        (key, setting) -> {
          ConfigKey definition = EddyConfig.DEFINITION.configKeys().get(key);
          String value = setting.value().strip();
          if (definition == null || value.isEmpty()) {
            return;
          }
          if (isValid(definition, value)) {
            valid.put(key, value);
          } else {
            problems.add(
                "%s: %s: expected %s%s"
                    .formatted(
                        setting.source(),
                        key,
                        expected(definition),
                        got(definition, setting) + reason(definition, setting)));
          }
        });
    return valid;
  }

  private static String reason(ConfigKey definition, RawSetting setting) {
    return setting.isSecret()
        ? ""
        : Validators.explain(expected(definition), setting.value().strip());
  }

  private static boolean isValid(ConfigKey definition, String value) {
    try {
      Object parsed = ConfigDef.parseType(definition.name, value, definition.type);
      if (definition.validator != null) {
        definition.validator.ensureValid(definition.name, parsed);
      }
      return true;
    } catch (ConfigException e) {
      return false;
    }
  }

  /** Returns the valid values of a setting, in words. */
  static String expected(ConfigKey definition) {
    if (definition.validator != null) {
      return definition.validator.toString();
    }
    return switch (definition.type) {
      case BOOLEAN -> "true or false";
      case LIST -> "names separated by commas";
      default -> "text";
    };
  }

  private static String got(ConfigKey definition, RawSetting setting) {
    String value = setting.value().strip();
    if (setting.isSecret() || definition.type == ConfigDef.Type.PASSWORD || value.contains("@")) {
      return "";
    }
    return ", got \"%s\""
        .formatted(value.length() > MAX_SHOWN ? value.substring(0, MAX_SHOWN) + "…" : value);
  }

  String text(String key) {
    return values.getString(key);
  }

  /** Returns a setting that has no default, or null if it is not set. */
  @Nullable String optionalText(String key) {
    return values.getString(key);
  }

  int integer(String key) {
    return values.getInt(key);
  }

  long longInteger(String key) {
    return values.getLong(key);
  }

  boolean isTrue(String key) {
    return values.getBoolean(key);
  }

  double number(String key, double defaultValue) {
    Double value = values.getDouble(key);
    return value == null ? defaultValue : value;
  }

  List<String> list(String key) {
    return values.getList(key);
  }

  @Nullable String secret(String key) {
    Password password = values.getPassword(key);
    return password == null ? null : password.value();
  }

  /** Returns whether a setting has another value than its default. */
  boolean differsFromDefault(String key) {
    ConfigKey definition = EddyConfig.DEFINITION.configKeys().get(key);
    return definition != null && !Objects.equals(values.values().get(key), definition.defaultValue);
  }

  /** Returns a percentage as a ratio. */
  static double ratio(String percentage) {
    return Double.parseDouble(percentage.replace("%", "").strip()) / 100;
  }

  /** Returns the directory against which a setting's relative path is resolved. */
  @Nullable Path directory(String key) {
    RawSetting setting = raw.get(key);
    return setting == null ? null : setting.directory();
  }

  /** Adds a problem of several settings, or of one that is valid alone. */
  void problem(String expected, String... keys) {
    Set<String> sources =
        Stream.of(keys)
            .map(raw::get)
            .filter(setting -> setting != null && !setting.value().isBlank())
            .map(RawSetting::source)
            .collect(Collectors.toCollection(TreeSet::new));
    problems.add(
        (sources.isEmpty() ? "" : String.join(", ", sources) + ": ")
            + "%s: %s".formatted(String.join(", ", keys), expected));
  }

  /**
   * Calls a constructor that may reject its arguments. The exception's message starts with the keys
   * it is about, without their prefix.
   *
   * @param defaultValue returned if the arguments are rejected
   */
  <T> T create(String prefix, Supplier<T> constructor, T defaultValue) {
    try {
      return constructor.get();
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      int colon = message.indexOf(": ");
      String[] names = colon < 0 ? new String[0] : message.substring(0, colon).split(", | and ");
      String[] keys = Stream.of(names).map(name -> prefix + name).toArray(String[]::new);
      if (keys.length > 0 && EddyConfig.DEFINITION.names().containsAll(Set.of(keys))) {
        problem(message.substring(colon + 2), keys);
      } else {
        problems.add(message);
      }
      return defaultValue;
    }
  }
}
