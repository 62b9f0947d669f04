package io.eddy.kafka.config;

import io.eddy.kafka.config.SettingSources.RawSetting;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Replaces variables such as {@code ${file:/run/secrets/kafka.properties:password}} in the values
 * of settings, by Kafka's config providers.
 *
 * <p>The providers {@code env}, {@code file} and {@code dir} need no declaration. Others are
 * declared as in Kafka, by {@code kafka.config.providers}, {@code
 * kafka.config.providers.NAME.class} and {@code kafka.config.providers.NAME.param.…}. A resolved
 * value is not resolved again.
 */
final class SettingVariables implements AutoCloseable {
  /** Prefix of the settings that declare providers. */
  static final String DECLARATIONS = KafkaSettings.PREFIX + "config.providers";

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}:]*):(([^}]*?):)?([^}:]*)}");

  private final Map<String, RawSetting> raw;
  private final List<String> problems;
  private final Map<String, ConfigProvider> providers = new HashMap<>();

  /**
   * Creates the providers.
   *
   * @param raw settings by key
   * @param environment variables that the provider {@code env} reads
   * @param problems extended by the problems found
   */
  SettingVariables(
      Map<String, RawSetting> raw, Map<String, String> environment, List<String> problems) {
    this.raw = raw;
    this.problems = problems;
    add("env", new EnvVarConfigProvider(environment), Map.of());
    add("file", new FileConfigProvider(), Map.of());
    add("dir", new DirectoryConfigProvider(), Map.of());
    RawSetting declared = raw.get(DECLARATIONS);
    if (declared != null) {
      for (String name : declared.value().split(",", -1)) {
        declare(name.strip(), declared.source());
      }
    }
  }

  private void declare(String name, String source) {
    String prefix = DECLARATIONS + "." + name + ".";
    RawSetting type = raw.get(prefix + "class");
    if (type == null) {
      problems.add("%s: %s: expected %sclass".formatted(source, DECLARATIONS, prefix));
      return;
    }
    Map<String, String> parameters = new HashMap<>();
    raw.forEach(
        (key, setting) -> {
          if (key.startsWith(prefix + "param.")) {
            parameters.put(key.substring((prefix + "param.").length()), setting.value());
          }
        });
    try {
      add(
          name,
          Class.forName(type.value().strip())
              .asSubclass(ConfigProvider.class)
              .getDeclaredConstructor()
              .newInstance(),
          parameters);
    } catch (ReflectiveOperationException | ClassCastException | ConfigException e) {
      problems.add(
          "%s: %sclass: expected a class that implements Kafka's ConfigProvider: %s"
              .formatted(type.source(), prefix, e));
    }
  }

  private void add(String name, ConfigProvider provider, Map<String, String> parameters) {
    provider.configure(parameters);
    providers.put(name, provider);
  }

  /** Returns the settings with their variables replaced; those that fail are left out. */
  Map<String, RawSetting> resolved() {
    Map<String, RawSetting> resolved = new TreeMap<>();
    raw.forEach(
        (key, setting) -> {
          if (key.equals(DECLARATIONS) || key.startsWith(DECLARATIONS + ".")) {
            return;
          }
          RawSetting value =
              VARIABLE.matcher(setting.value()).find() ? resolve(key, setting) : setting;
          if (value != null) {
            resolved.put(key, value);
          }
        });
    return resolved;
  }

  private @Nullable RawSetting resolve(String key, RawSetting setting) {
    Matcher variable = VARIABLE.matcher(setting.value());
    StringBuilder text = new StringBuilder();
    while (variable.find()) {
      try {
        variable.appendReplacement(text, Matcher.quoteReplacement(value(variable)));
      } catch (RuntimeException e) {
        // Providers throw more than Kafka's ConfigException, such as for an invalid path.
        problems.add(
            "%s: %s: cannot resolve %s: %s"
                .formatted(setting.source(), key, variable.group(), e.getMessage()));
        return null;
      }
    }
    variable.appendTail(text);
    return setting.withSecret(text.toString());
  }

  private String value(Matcher variable) {
    String name = variable.group(1);
    ConfigProvider provider = providers.get(name);
    if (provider == null) {
      throw new ConfigException(
          "there is no provider \"%s\"; expected %s, or one that %s declares"
              .formatted(name, "env, file, dir", DECLARATIONS));
    }
    String path = variable.group(3) == null ? "" : variable.group(3).strip();
    String key = variable.group(4).strip();
    String value = provider.get(path, Set.of(key)).data().get(key);
    if (value == null) {
      throw new ConfigException("there is no such value");
    }
    // A mounted secret often ends with a line break, which is not a part of it.
    return value.replaceFirst("\\R\\z", "");
  }

  @Override
  public void close() {
    for (ConfigProvider provider : providers.values()) {
      try {
        provider.close();
      } catch (IOException e) {
        problems.add("a config provider cannot be closed: " + e.getMessage());
      }
    }
  }
}
