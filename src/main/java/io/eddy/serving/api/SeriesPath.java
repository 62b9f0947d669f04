package io.eddy.serving.api;

import io.eddy.serving.http.HttpException;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The path of a series: {@code /api/series/{name}} or {@code /api/series/{name}/stream}. Slashes of
 * the name are percent-encoded or stand for themselves; one before a last part {@code stream} must
 * be encoded.
 */
record SeriesPath(String name, boolean isStream) {
  static final String PREFIX = "/api/series/";
  private static final String STREAM = "/stream";

  /**
   * Parses a path.
   *
   * @param path as it was sent, beginning with {@link #PREFIX}
   * @throws HttpException if it names no series
   */
  static SeriesPath parse(String path) {
    String rest = path.substring(PREFIX.length());
    boolean isStream = rest.endsWith(STREAM);
    String name = decode(isStream ? rest.substring(0, rest.length() - STREAM.length()) : rest);
    if (name.isEmpty()) {
      throw new HttpException(400, "the path names no series: /api/series/{name}");
    }
    return new SeriesPath(name, isStream);
  }

  private static String decode(String encoded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c != '%') {
        bytes.write(c);
        continue;
      }
      int high = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 1), 16) : -1;
      int low = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        throw new HttpException(400, "malformed percent-encoding in the path");
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new HttpException(400, "the name of the series is not UTF-8");
    }
  }

  /** Encodes a name for a path or a query. */
  static String encode(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
