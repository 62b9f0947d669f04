package io.eddy.kafka.config;

import java.nio.file.Path;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the HTTP server of a forecaster process.
 *
 * @param listen address of the server; null if it is off
 * @param token that clients have to send; null if none is required
 * @param tls certificate and key; null for plain HTTP
 */
public record HttpSettings(
    @Nullable Address listen, @Nullable Password token, @Nullable TlsFiles tls) {
  public static final HttpSettings OFF = new HttpSettings(null, null, null);

  /**
   * An address to listen on.
   *
   * @param host name or IP address, without brackets
   * @param port 0 for any free port
   */
  public record Address(String host, int port) {
    /**
     * Parses {@code host:port} or {@code [IPv6 address]:port}.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static Address parse(String text) {
      int colon = text.lastIndexOf(':');
      String host = colon < 0 ? "" : text.substring(0, colon);
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      } else if (host.indexOf(':') >= 0) {
        throw new IllegalArgumentException("expected [address]:port for an IPv6 address");
      }
      int port = colon < 0 ? -1 : Integer.parseInt(text.substring(colon + 1));
      if (!host.matches("[0-9a-zA-Z%._:-]+") || port < 0 || port > 65_535) {
        throw new IllegalArgumentException("expected host:port");
      }
      return new Address(host, port);
    }

    @Override
    public String toString() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  /**
   * The files with the server's certificate and private key.
   *
   * @param keystore a PKCS12 file, or a PEM file with the certificates
   * @param key a PEM file with the private key; null if the keystore contains it
   * @param password of the PKCS12 file; null for a PEM file
   */
  public record TlsFiles(Path keystore, @Nullable Path key, @Nullable Password password) {}
}
