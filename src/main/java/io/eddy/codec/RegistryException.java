package io.eddy.codec;

/**
 * The schema registry does not answer, or refuses. Says nothing of the record at hand, which must
 * not be lost for it: whoever processes records stops, and goes on from the last commit.
 */
public final class RegistryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public RegistryException(String message) {
    super(message);
  }

  public RegistryException(String message, Throwable cause) {
    super(message, cause);
  }
}
