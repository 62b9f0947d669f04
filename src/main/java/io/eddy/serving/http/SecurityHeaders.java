package io.eddy.serving.http;

import com.sun.net.httpserver.Headers;
import java.util.Map;

/**
 * Headers of every answer. A page may load from this server only, may not be framed by another
 * site, and no other site may read an answer, since none is allowed to by CORS headers.
 */
final class SecurityHeaders {
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
              "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                  + " object-src 'none'",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Referrer-Policy", "no-referrer",
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY");

  private SecurityHeaders() {}

  static void addTo(Headers headers) {
    HEADERS.forEach(headers::set);
  }
}
