package io.eddy.kafka.query;

/** A query cannot be answered now, for example during a rebalance. The message gives the reason. */
public final class StateUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StateUnavailableException(String reason) {
    super(reason);
  }

  public StateUnavailableException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
