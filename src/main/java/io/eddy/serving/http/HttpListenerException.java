package io.eddy.serving.http;

/** The HTTP server cannot be started: the address is in use or a TLS file is not usable. */
public final class HttpListenerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  HttpListenerException(String message, Throwable cause) {
    super(message, cause);
  }
}
