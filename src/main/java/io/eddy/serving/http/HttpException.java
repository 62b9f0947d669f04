package io.eddy.serving.http;

/** An error that is answered with a status and a message for the client. */
public final class HttpException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  /**
   * Creates an error.
   *
   * @param status HTTP status, from 400 on
   * @param message what is wrong and what to do, without secrets
   */
  public HttpException(int status, String message) {
    super(message);
    this.status = status;
  }

  public int status() {
    return status;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
