package io.eddy.kafka.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects raw settings from a file, the environment and the command line, and remembers the source
 * of each. A later call overrides the values of an earlier one.
 */
public final class SettingSources {
  /**
   * A raw setting.
   *
   * @param source the file, environment variable or option, as errors name it
   * @param directory base of relative paths; null for the working directory
   * @param isSecret whether errors must not show the value, because a config provider supplied it
   */
  record RawSetting(String value, String source, @Nullable Path directory, boolean isSecret) {
    RawSetting(String value, String source, @Nullable Path directory) {
      this(value, source, directory, false);
    }

    /** Returns this setting with a value that a config provider supplied. */
    RawSetting withSecret(String secret) {
      return new RawSetting(secret, source, directory, true);
    }
  }

  private final Map<String, RawSetting> settings = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private Map<String, String> environment = System.getenv();

  /** Adds the settings of a properties file in UTF-8. */
  public SettingSources file(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new InvalidSettingsException(List.of(file + ": no such file"));
    } catch (CharacterCodingException e) {
      throw new InvalidSettingsException(List.of(file + ": expected text in UTF-8"));
    } catch (IOException e) {
      throw new InvalidSettingsException(List.of(file + ": cannot be read: " + e.getMessage()));
    }
    PropertiesFile properties = new PropertiesFile(file, text);
    problems.addAll(properties.problems());
    for (PropertiesFile.Entry entry : properties.entries()) {
      settings.put(entry.key(), new RawSetting(entry.value(), entry.source(), file.getParent()));
    }
    return this;
  }

  /**
   * Adds the settings of environment variables such as {@code EDDY_BOOTSTRAP_SERVERS}. An empty
   * variable counts as not set.
   */
  public SettingSources environment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
    EnvironmentVariables names = new EnvironmentVariables(EddyConfig.DEFINITION.names());
    new TreeMap<>(variables)
        .forEach(
            (variable, value) -> {
              if (names.isForeign(variable)) {
                return;
              }
              String key = names.key(variable);
              if (key == null) {
                problems.add(names.unknown(variable));
              } else if (!value.isBlank()) {
                String source = "environment variable " + variable;
                settings.put(key, new RawSetting(value, source, null));
              }
            });
    return this;
  }

  /** Adds the arguments of {@code --set}, each of the form {@code key=value}. */
  public SettingSources assignments(List<String> assignments) {
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        // The argument may be a secret.
        problems.add("--set: expected key=value, such as --set threads=4");
      } else {
        String key = assignment.substring(0, equals).strip();
        settings.put(key, new RawSetting(assignment.substring(equals + 1), "--set", null));
      }
    }
    return this;
  }

  /** Adds a setting that has an option of its own. */
  public SettingSources option(String option, String key, String value) {
    settings.put(key, new RawSetting(value, option, null));
    return this;
  }

  /** Returns the keys of all settings added so far. */
  Set<String> keys() {
    return Collections.unmodifiableSet(settings.keySet());
  }

  /**
   * Parses and validates the settings, after config providers have replaced the variables in them.
   *
   * @throws InvalidSettingsException naming every invalid setting
   */
  public EddyConfig load() {
    List<String> found = new ArrayList<>(problems);
    try (SettingVariables variables = new SettingVariables(settings, environment, found)) {
      return EddyConfig.of(variables.resolved(), found);
    }
  }
}
