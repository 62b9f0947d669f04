package io.eddy.kafka.topics;

/** Thrown if a broker is unavailable or rejects a request. */
public final class BrokerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public BrokerException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Returns the exception for a broker that does not answer. */
  public static BrokerException unreachable(String bootstrapServers, Throwable cause) {
    return new BrokerException(
        "no broker answers at %s: start one (`eddy broker`) or name another with --bootstrap-servers"
            .formatted(bootstrapServers),
        cause);
  }
}
