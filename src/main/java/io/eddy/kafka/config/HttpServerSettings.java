package io.eddy.kafka.config;

import java.nio.file.Path;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** Definitions of the settings of the HTTP server. */
final class HttpServerSettings {
  static final String LISTEN = "http.listen";
  static final String ADVERTISED = "http.advertised";
  private static final String TOKEN = "http.token";
  private static final String KEYSTORE = "http.tls.keystore";
  private static final String KEYSTORE_PASSWORD = "http.tls.keystore.password";
  private static final String KEY = "http.tls.key";

  private static final String GROUP = "HTTP server";

  private HttpServerSettings() {}

  static void define(ConfigDef definition) {
    definition
        .define(
            LISTEN,
            ConfigDef.Type.STRING,
            "127.0.0.1:8080",
            Validators.text("host:port, [IPv6 address]:port or off", HttpServerSettings::isAddress),
            Importance.HIGH,
            "Address of serve's HTTP server: health, metrics, API and page. Port 0 is any free"
                + " port, 0.0.0.0 every IPv4 interface, [::] every interface. Other machines can"
                + " connect only if it is not a loopback address; then set http.token and"
                + " http.tls.keystore. `off`: no HTTP server.",
            GROUP,
            1,
            Width.MEDIUM,
            "Address")
        .define(
            ADVERTISED,
            ConfigDef.Type.STRING,
            null,
            Validators.text("host:port or [IPv6 address]:port", HttpServerSettings::isPeerAddress),
            Importance.MEDIUM,
            "Address at which the other instances reach this one's HTTP server; each instance"
                + " answers for all series and asks the others for theirs. If it is not set: the"
                + " host of http.listen, or, if that stands for every interface, the IP address of"
                + " the machine. With TLS, the certificate must be valid for this host.",
            GROUP,
            2,
            Width.MEDIUM,
            "Advertised address")
        .define(
            TOKEN,
            ConfigDef.Type.PASSWORD,
            null,
            Validators.password(
                "at least 16 letters, digits and characters of -._~+/=",
                HttpServerSettings::isToken),
            Importance.MEDIUM,
            "Token that clients of metrics and API send as `Authorization: Bearer TOKEN`. Health"
                + " endpoints and the files of the page are open without it. If it is not set,"
                + " everyone who can connect may read forecasts.",
            GROUP,
            3,
            Width.LONG,
            "Token")
        .define(
            KEYSTORE,
            ConfigDef.Type.STRING,
            null,
            null,
            Importance.MEDIUM,
            "File with the server's certificates and private key, which switches on TLS: PKCS12, or"
                + " PEM with the certificates, the server's first, and the key unless http.tls.key"
                + " names its file. A changed file is read again within a minute.",
            GROUP,
            4,
            Width.LONG,
            "Keystore")
        .define(
            KEYSTORE_PASSWORD,
            ConfigDef.Type.PASSWORD,
            null,
            null,
            Importance.MEDIUM,
            "Password of a PKCS12 keystore.",
            GROUP,
            5,
            Width.MEDIUM,
            "Keystore password")
        .define(
            KEY,
            ConfigDef.Type.STRING,
            null,
            null,
            Importance.MEDIUM,
            "PEM file with the server's private key (PKCS#8, not encrypted), if http.tls.keystore"
                + " is a PEM file without it.",
            GROUP,
            6,
            Width.LONG,
            "Private key");
  }

  private static boolean isAddress(String text) {
    if (text.equals(Validators.OFF)) {
      return true;
    }
    try {
      return HttpSettings.Address.parse(text).port() >= 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isPeerAddress(String text) {
    try {
      return HttpSettings.Address.parse(text).port() > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Returns whether a token has the characters of RFC 6750 and is hard to guess. */
  private static boolean isToken(String text) {
    return text.matches("[A-Za-z0-9._~+/=-]{16,}");
  }

  static HttpSettings settings(SettingValues values) {
    String listen = values.text(LISTEN);
    return new HttpSettings(
        listen.equals(Validators.OFF) ? null : HttpSettings.Address.parse(listen),
        password(values, TOKEN),
        tls(values));
  }

  /** Returns the address for other instances, or null if it is not set. */
  static @Nullable String advertised(SettingValues values) {
    return values.optionalText(ADVERTISED);
  }

  private static HttpSettings.@Nullable TlsFiles tls(SettingValues values) {
    Path keystore = file(values, KEYSTORE);
    Path key = file(values, KEY);
    Password password = password(values, KEYSTORE_PASSWORD);
    if (keystore == null) {
      if (key != null) {
        values.problem("expected http.tls.keystore too", KEY);
      }
      if (password != null) {
        values.problem("expected http.tls.keystore too", KEYSTORE_PASSWORD);
      }
      return null;
    }
    return new HttpSettings.TlsFiles(keystore, key, password);
  }

  private static @Nullable Path file(SettingValues values, String key) {
    String text = values.optionalText(key);
    if (text == null) {
      return null;
    }
    Path directory = values.directory(key);
    return directory == null ? Path.of(text) : directory.resolve(text);
  }

  private static @Nullable Password password(SettingValues values, String key) {
    String secret = values.secret(key);
    return secret == null ? null : new Password(secret);
  }
}
