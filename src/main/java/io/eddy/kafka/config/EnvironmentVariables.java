package io.eddy.kafka.config;

import io.eddy.series.Suggestions;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names of the environment variables that hold settings: {@code EDDY_} and the key in upper case,
 * with {@code _} in place of {@code .} and {@code -}.
 *
 * <p>{@code EDDY_KAFKA_} is followed by the key of a Kafka client in which every {@code _} stands
 * for a dot.
 */
final class EnvironmentVariables {
  private static final String PREFIX = "EDDY_";
  private static final String KAFKA_PREFIX = "EDDY_KAFKA_";

  /** Variables of the launcher, the logging configuration and the command line. */
  private static final Set<String> RESERVED =
      Set.of(
          "EDDY_OPTS",
          "EDDY_DEBUG",
          "EDDY_LOG",
          "EDDY_LOG_FORMAT",
          "EDDY_LOG_KAFKA",
          "EDDY_VECTORS");

  /** Variables that Kubernetes adds for every service whose name starts with {@code eddy}. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "EDDY_(\\w+_)?(SERVICE_(HOST|PORT(_\\w+)?)"
              + "|PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

  private final Map<String, String> keys = new TreeMap<>();

  EnvironmentVariables(Collection<String> settings) {
    settings.forEach(key -> keys.put(variable(key), key));
  }

  /** Returns the variable of a setting. */
  static String variable(String key) {
    return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Returns whether a variable has another purpose than a setting. */
  boolean isForeign(String variable) {
    return !variable.startsWith(PREFIX)
        || RESERVED.contains(variable)
        || (!keys.containsKey(variable) && SERVICE_LINK.matcher(variable).matches());
  }

  /** Returns the setting of a variable, or null if none exists. */
  @Nullable String key(String variable) {
    if (variable.startsWith(KAFKA_PREFIX) && variable.length() > KAFKA_PREFIX.length()) {
      String clientKey = variable.substring(KAFKA_PREFIX.length()).toLowerCase(Locale.ROOT);
      return KafkaSettings.PREFIX + clientKey.replace('_', '.');
    }
    return keys.get(variable);
  }

  /** Returns the error message for a variable without a setting. */
  String unknown(String variable) {
    return "unknown environment variable %s%s"
        .formatted(variable, Suggestions.question(variable, keys.keySet(), ""));
  }
}
