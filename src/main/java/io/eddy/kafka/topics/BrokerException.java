package io.eddy.kafka.topics;

/** Thrown if a broker is unavailable or rejects a request. */
public final class BrokerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean isUnreachable;

  public BrokerException(String message, Throwable cause) {
    this(message, cause, false);
  }

  private BrokerException(String message, Throwable cause, boolean isUnreachable) {
    super(message, cause);
    this.isUnreachable = isUnreachable;
  }

  /** Returns an exception that says that no broker answers. */
  static BrokerException unreachable(String message, Throwable cause) {
    return new BrokerException(message, cause, true);
  }

  /** Returns whether no broker answers, which may pass, instead of one that rejects the request. */
  public boolean isUnreachable() {
    return isUnreachable;
  }
}
