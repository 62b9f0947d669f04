package io.eddy.serving.page;

import io.eddy.serving.http.Request;
import io.eddy.serving.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file in memory, as it is and compressed. Browsers keep it and ask by its entity tag whether it
 * has changed, so that an upgrade shows at the next request.
 */
final class StaticFile {
  private static final Map<String, String> CONTENT_TYPES =
      Map.of(
          "css", "text/css; charset=utf-8",
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final String contentType;
  private final Encoded plain;
  private final Encoded compressed;

  /** Bytes to send, with their entity tag. */
  private record Encoded(Response response, Response notModified, String tag) {}

  private StaticFile(String contentType, byte[] bytes) {
    this.contentType = contentType;
    String tag = tag(bytes);
    plain = encoded(bytes, "\"" + tag + "\"", null);
    // The compressed form is another entity, so that it has another tag.
    compressed = encoded(gzip(bytes), "\"" + tag + "-gzip\"", "gzip");
  }

  /**
   * Creates a file whose content type follows from its name.
   *
   * @throws IllegalArgumentException if the type of the name is unknown
   */
  static StaticFile of(String name, byte[] bytes) {
    String contentType = CONTENT_TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (contentType == null) {
      throw new IllegalArgumentException(name + ": unknown content type");
    }
    return new StaticFile(contentType, bytes);
  }

  private Encoded encoded(byte[] bytes, String tag, @Nullable String encoding) {
    Response response = withCaching(Response.of(200, contentType, bytes), tag);
    return new Encoded(
        encoding == null ? response : response.withHeader("Content-Encoding", encoding),
        withCaching(Response.notModified(), tag),
        tag);
  }

  private static Response withCaching(Response response, String tag) {
    return response
        .withHeader("ETag", tag)
        .withHeader("Cache-Control", "no-cache")
        .withHeader("Vary", "Accept-Encoding");
  }

  /** Answers a request for this file. */
  Response respond(Request request) {
    Encoded encoded = acceptsGzip(request.header("Accept-Encoding")) ? compressed : plain;
    return matches(request.header("If-None-Match"), encoded.tag())
        ? encoded.notModified()
        : encoded.response();
  }

  private static boolean acceptsGzip(@Nullable String header) {
    return header != null
        && Arrays.stream(header.split(","))
            .map(String::strip)
            .anyMatch(coding -> coding.matches("gzip(\\s*;\\s*q=(1(\\.0*)?|0\\.\\d*[1-9]\\d*))?"));
  }

  private static boolean matches(@Nullable String header, String tag) {
    return header != null
        && Arrays.stream(header.split(","))
            .map(String::strip)
            .anyMatch(known -> known.equals("*") || known.replaceFirst("^W/", "").equals(tag));
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream output = new GZIPOutputStream(compressed)) {
      output.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
