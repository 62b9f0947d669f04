package io.eddy.kafka.config;

import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.schema.SchemaIdType;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import java.net.URI;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/** Settings of the schema registry and of the encoding of forecasts. */
final class SchemaSettings {
  private static final String FORMAT = "forecasts.format";
  private static final String URL = "schema.registry.url";
  private static final String USER_INFO = "schema.registry.user-info";
  private static final String BEARER_TOKEN = "schema.registry.bearer-token";
  private static final String REGISTER = "schema.registry.register";
  private static final String ID_TYPE = "schema.registry.id-type";

  private static final String GROUP = "Schema registry";

  private SchemaSettings() {}

  static void defineFormat(ConfigDef definition, String group) {
    definition.define(
        FORMAT,
        ConfigDef.Type.STRING,
        id(OutputFormat.Format.AVRO),
        Validators.oneOf(Stream.of(OutputFormat.Format.values()).map(SchemaSettings::id)),
        Importance.HIGH,
        "Encoding of forecasts and scores: `avro` is compact, and other consumers read it with a"
            + " schema registry; `json` is about three times as large, and every consumer can read"
            + " it, such as kcat. Eddy recognises both by the first byte, so the encoding can"
            + " change at any time.",
        group,
        1,
        Width.SHORT,
        "Format");
  }

  static void defineRegistry(ConfigDef definition) {
    definition
        .define(
            URL,
            ConfigDef.Type.STRING,
            null,
            Validators.text(
                "http://HOST:PORT or https://HOST:PORT, without a user name or password",
                SchemaSettings::isUrl),
            Importance.MEDIUM,
            "URL of a schema registry with Confluent's REST interface (Apicurio:"
                + " …/apis/ccompat/v7). With it, avro events may name their schema by its id, and"
                + " avro forecasts and scores do. While the registry does not answer, serve waits"
                + " for it if it needs a schema that it does not know; it does not start without the"
                + " registry if avro forecasts need one.",
            GROUP,
            1,
            Width.LONG,
            "URL")
        .define(
            USER_INFO,
            ConfigDef.Type.PASSWORD,
            null,
            Validators.password("NAME:PASSWORD", text -> text.contains(":")),
            Importance.MEDIUM,
            "User name and password for basic authentication.",
            GROUP,
            2,
            Width.MEDIUM,
            "Name and password")
        .define(
            BEARER_TOKEN,
            ConfigDef.Type.PASSWORD,
            null,
            null,
            Importance.MEDIUM,
            "Token for bearer authentication.",
            GROUP,
            3,
            Width.LONG,
            "Token")
        .define(
            REGISTER,
            ConfigDef.Type.BOOLEAN,
            true,
            null,
            Importance.LOW,
            "Whether the schemas of forecasts and scores are registered, under the subject"
                + " TOPIC-value. Otherwise they have to be registered already.",
            GROUP,
            4,
            Width.SHORT,
            "Register schemas")
        .define(
            ID_TYPE,
            ConfigDef.Type.STRING,
            SchemaIdType.CONFLUENT.id(),
            Validators.oneOf(Stream.of(SchemaIdType.values()).map(SchemaIdType::id)),
            Importance.LOW,
            "Meaning of the id at the beginning of an event's value. `confluent`: the id of"
                + " Confluent's REST interface, in 4 bytes. `apicurio-content`, `apicurio-global`:"
                + " Apicurio's content id or global id, in 4 or 8 bytes. Ids in headers of the"
                + " record need no setting.",
            GROUP,
            5,
            Width.SHORT,
            "Type of ids");
  }

  private static String id(OutputFormat.Format format) {
    return format.name().toLowerCase(Locale.ROOT);
  }

  private static boolean isUrl(String text) {
    try {
      return !settings(text, SchemaIdType.CONFLUENT).url().toString().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static SchemaRegistrySettings settings(String url, SchemaIdType idType) {
    return new SchemaRegistrySettings(URI.create(url), null, true, idType);
  }

  /** Returns the schema registry, or null if none is set. */
  static @Nullable SchemaRegistrySettings registry(SettingValues values) {
    String userInfo = values.secret(USER_INFO);
    String token = values.secret(BEARER_TOKEN);
    if (userInfo != null && token != null) {
      values.problem("expected only one of the two", USER_INFO, BEARER_TOKEN);
    }
    String url = values.optionalText(URL);
    if (url == null) {
      return null;
    }
    String authorization =
        userInfo != null
            ? SchemaRegistrySettings.basic(userInfo)
            : token == null ? null : SchemaRegistrySettings.bearer(token);
    SchemaIdType idType = SchemaIdType.of(values.text(ID_TYPE));
    try {
      return new SchemaRegistrySettings(
          URI.create(url), authorization, values.isTrue(REGISTER), idType);
    } catch (IllegalArgumentException e) {
      values.problem(String.valueOf(e.getMessage()), URL, ID_TYPE);
      return settings(url, SchemaIdType.CONFLUENT);
    }
  }

  /** Returns the encoding of forecasts and scores. */
  static OutputFormat output(SettingValues values, @Nullable SchemaRegistrySettings registry) {
    String format = values.text(FORMAT).toUpperCase(Locale.ROOT);
    return new OutputFormat(OutputFormat.Format.valueOf(format), registry);
  }
}
