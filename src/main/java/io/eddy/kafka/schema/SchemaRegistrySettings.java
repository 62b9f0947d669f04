package io.eddy.kafka.schema;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * How a schema registry is reached.
 *
 * @param url under which the Confluent REST interface answers; Apicurio's is {@code
 *     …/apis/ccompat/v7}
 * @param authorization value of the header of that name; null for none
 * @param registers whether schemas that are written are registered, or only looked up
 */
public record SchemaRegistrySettings(URI url, @Nullable String authorization, boolean registers) {
  public SchemaRegistrySettings {
    boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!isHttp || url.getHost() == null || url.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "expected http://HOST:PORT, without a name or password in it, got a URL of another form");
    }
    url = URI.create(url.toString().replaceAll("/+$", ""));
  }

  /** Basic authentication with {@code name:password}. */
  public static String basic(String userInfo) {
    if (!userInfo.contains(":")) {
      throw new IllegalArgumentException("expected NAME:PASSWORD, got no colon");
    }
    return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
  }

  /** Bearer authentication. */
  public static String bearer(String token) {
    return "Bearer " + token;
  }

  /** Without what authorizes. */
  @Override
  public String toString() {
    return url.toString();
  }
}
