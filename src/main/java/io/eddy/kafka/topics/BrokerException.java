package io.eddy.kafka.topics;

/** A broker that does not answer, or refuses what it is asked for. */
public final class BrokerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public BrokerException(String message, Throwable cause) {
    super(message, cause);
  }

  public static BrokerException unreachable(String bootstrapServers, Throwable cause) {
    return new BrokerException(
        "no broker answers at %s: start one (`eddy broker`) or name another with --bootstrap-servers"
            .formatted(bootstrapServers),
        cause);
  }
}
