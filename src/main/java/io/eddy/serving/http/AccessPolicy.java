package io.eddy.serving.http;

import com.sun.net.httpserver.Headers;
import io.eddy.kafka.config.HttpSettings;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Checks the token and the Host header of requests.
 *
 * <p>A server on a loopback address accepts only names of the machine itself as Host. Otherwise a
 * web page could read forecasts through the user's browser, by a name of its own that resolves to
 * 127.0.0.1.
 */
final class AccessPolicy {
  private static final String SCHEME = "Bearer ";

  private final byte @Nullable [] token;
  private final @Nullable String host;

  /** Creates the policy of a server that listens on {@code address}. */
  AccessPolicy(HttpSettings settings, InetAddress address) {
    token =
        settings.token() == null ? null : settings.token().value().getBytes(StandardCharsets.UTF_8);
    host =
        settings.listen() == null || !address.isLoopbackAddress() ? null : settings.listen().host();
  }

  /**
   * Checks a request.
   *
   * @throws HttpException if it is refused
   */
  void check(Access access, Headers headers) {
    if (host != null && !isLocal(headers.getFirst("Host"), host)) {
      throw new HttpException(
          421,
          "unexpected Host header: the server listens on a loopback address and is addressed as"
              + " localhost only");
    }
    if (access == Access.TOKEN && token != null && !hasToken(headers, token)) {
      throw new HttpException(
          401, "send the token of the setting http.token as \"Authorization: Bearer TOKEN\"");
    }
  }

  private static boolean isLocal(@Nullable String header, String host) {
    if (header == null) {
      // Browsers always send it.
      return true;
    }
    String name = header.replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.equals("[::1]")
        || name.matches("127\\.\\d+\\.\\d+\\.\\d+")
        || name.equals(host.toLowerCase(Locale.ROOT))
        || name.equals("[" + host.toLowerCase(Locale.ROOT) + "]");
  }

  /** Compares in a time that does not depend on the number of equal characters. */
  private static boolean hasToken(Headers headers, byte[] token) {
    String header = headers.getFirst("Authorization");
    return header != null
        && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && MessageDigest.isEqual(
            header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8), token);
  }
}
