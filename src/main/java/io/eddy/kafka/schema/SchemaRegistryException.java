package io.eddy.kafka.schema;

/**
 * The schema registry does not answer, or refuses. Says nothing of the record at hand, which must
 * not be lost for it: whoever processes records stops, and goes on from the last commit.
 */
public final class SchemaRegistryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public SchemaRegistryException(String message) {
    super(message);
  }

  public SchemaRegistryException(String message, Throwable cause) {
    super(message, cause);
  }
}
