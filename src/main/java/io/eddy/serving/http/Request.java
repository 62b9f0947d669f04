package io.eddy.serving.http;

import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A GET request. */
public final class Request {
  private final HttpExchange exchange;
  private final String path;
  private final Map<String, String> query;

  private Request(HttpExchange exchange, String path, Map<String, String> query) {
    this.exchange = exchange;
    this.path = path;
    this.query = query;
  }

  /**
   * Reads the path and the query of a request.
   *
   * @throws HttpException if they are malformed
   */
  static Request of(HttpExchange exchange) {
    String path = Objects.requireNonNullElse(exchange.getRequestURI().getRawPath(), "/");
    return new Request(exchange, path, parse(exchange.getRequestURI().getRawQuery()));
  }

  private static Map<String, String> parse(@Nullable String rawQuery) {
    Map<String, String> query = new LinkedHashMap<>();
    if (rawQuery != null) {
      for (String parameter : rawQuery.split("&", -1)) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        query.put(decode(name), equals < 0 ? "" : decode(parameter.substring(equals + 1)));
      }
    }
    return query;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new HttpException(400, "malformed percent-encoding in the address");
    }
  }

  /** Returns the path as it was sent, with percent-encoding. */
  public String path() {
    return path;
  }

  /**
   * Returns the parts of the path between its slashes, decoded: {@code /api/series/plant-7%2F1} has
   * {@code api}, {@code series} and {@code plant-7/1}.
   */
  public List<String> segments() {
    List<String> segments = new ArrayList<>();
    for (String segment : path.substring(1).split("/", -1)) {
      // A plus sign stands for itself in a path.
      segments.add(decode(segment.replace("+", "%2B")));
    }
    return segments;
  }

  /** Returns the query's parameters, decoded. */
  public Map<String, String> query() {
    return Collections.unmodifiableMap(query);
  }

  /** Returns a parameter of the query, or a default value if it is missing. */
  public String query(String name, String defaultValue) {
    return query.getOrDefault(name, defaultValue);
  }

  /**
   * Returns a whole number of the query, or a default value if it is missing.
   *
   * @throws HttpException if it is not a number from {@code min} to {@code max}
   */
  public int query(String name, int defaultValue, int min, int max) {
    String text = query.get(name);
    if (text == null) {
      return defaultValue;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below.
    }
    throw new HttpException(
        400, "%s: expected a whole number from %d to %d".formatted(name, min, max));
  }

  /** Returns the first header of a name, in any case; null if there is none. */
  public @Nullable String header(String name) {
    return exchange.getRequestHeaders().getFirst(name);
  }
}
