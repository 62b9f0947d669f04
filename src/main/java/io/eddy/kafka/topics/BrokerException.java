package io.eddy.kafka.topics;

/** Thrown if a broker is unavailable or rejects a request. */
public final class BrokerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public BrokerException(String message, Throwable cause) {
    super(message, cause);
  }
}
