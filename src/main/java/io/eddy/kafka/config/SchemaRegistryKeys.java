package io.eddy.kafka.config;

import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import java.net.URI;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The settings of the schema registry, and of the form in which forecasts are written. */
final class SchemaRegistryKeys {
  private static final String URL = "schema.registry.url";
  private static final String USER_INFO = "schema.registry.user-info";
  private static final String BEARER = "schema.registry.bearer-token";
  private static final String REGISTER = "schema.registry.register";
  private static final String FORECASTS = "forecasts.format";

  static final List<String> KEYS = List.of(URL, USER_INFO, BEARER, REGISTER, FORECASTS);

  private final Properties properties;
  private final String where;

  /**
   * Settings.
   *
   * @param where the file, as errors name it
   */
  SchemaRegistryKeys(Properties properties, String where) {
    this.properties = properties;
    this.where = where;
  }

  /** The registry; null where none is set. */
  @Nullable SchemaRegistrySettings registry() {
    String url = text(URL, "");
    boolean registers = truth(REGISTER, "true");
    if (url.isEmpty()) {
      return null;
    }
    String authorization = authorization();
    try {
      return new SchemaRegistrySettings(URI.create(url), authorization, registers);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          where + URL + ": expected http://HOST:PORT or https://…, without a name or password");
    }
  }

  private @Nullable String authorization() {
    String userInfo = text(USER_INFO, "");
    String bearer = text(BEARER, "");
    if (!userInfo.isEmpty() && !bearer.isEmpty()) {
      throw new UsageException(
          where + "%s, %s: expected one of the two".formatted(USER_INFO, BEARER));
    }
    try {
      return userInfo.isEmpty()
          ? bearer.isEmpty() ? null : SchemaRegistrySettings.bearer(bearer)
          : SchemaRegistrySettings.basic(userInfo);
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + USER_INFO + ": " + e.getMessage());
    }
  }

  /** The form of forecasts and scores. */
  OutputFormat output(@Nullable SchemaRegistrySettings registry) {
    return switch (text(FORECASTS, "avro")) {
      case "avro" -> new OutputFormat(OutputFormat.Format.AVRO, registry);
      case "json" -> new OutputFormat(OutputFormat.Format.JSON, registry);
      default ->
          throw new UsageException(
              "%s%s: expected avro or json, got '%s'"
                  .formatted(where, FORECASTS, text(FORECASTS, "")));
    };
  }

  private boolean truth(String key, String otherwise) {
    String text = text(key, otherwise);
    if (!text.equals("true") && !text.equals("false")) {
      throw new UsageException(
          "%s%s: expected true or false, got '%s'".formatted(where, key, text));
    }
    return text.equals("true");
  }

  private String text(String key, String otherwise) {
    return properties.getProperty(key, otherwise).strip();
  }
}
