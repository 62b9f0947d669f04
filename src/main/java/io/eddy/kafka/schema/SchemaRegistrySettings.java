package io.eddy.kafka.schema;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Connection to a schema registry.
 *
 * @param url base URL of the Confluent REST interface; for Apicurio {@code …/apis/ccompat/v7}
 * @param authorization value of the {@code Authorization} header; null for none
 * @param registers whether missing schemas of written records are registered
 * @param idType meaning of the ids in the headers of records
 */
public record SchemaRegistrySettings(
    URI url, @Nullable String authorization, boolean registers, SchemaIdType idType) {
  private static final Pattern CONFLUENT_API = Pattern.compile("(.*)/apis/ccompat/v\\d+");

  public SchemaRegistrySettings {
    boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!isHttp || url.getHost() == null || url.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "expected http://HOST:PORT or https://HOST:PORT without user name and password");
    }
    url = URI.create(url.toString().replaceAll("/+$", ""));
    if (idType == SchemaIdType.APICURIO_GLOBAL
        && !CONFLUENT_API.matcher(url.toString()).matches()) {
      throw new IllegalArgumentException(
          "expected a URL that ends with /apis/ccompat/v7, because global ids are Apicurio's");
    }
  }

  /** Returns the address that finds the version of an artifact by its global id. */
  URI apicurioSearch(long globalId) {
    Matcher matcher = CONFLUENT_API.matcher(url.toString());
    String base = matcher.matches() ? matcher.group(1) : url.toString();
    return URI.create(base + "/apis/registry/v3/search/versions?globalId=" + globalId);
  }

  /** Returns the header value of basic authentication with {@code name:password}. */
  public static String basic(String userInfo) {
    if (!userInfo.contains(":")) {
      throw new IllegalArgumentException("expected NAME:PASSWORD");
    }
    return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the header value of bearer authentication. */
  public static String bearer(String token) {
    return "Bearer " + token;
  }

  /** Returns the URL, without credentials. */
  @Override
  public String toString() {
    return url.toString();
  }
}
