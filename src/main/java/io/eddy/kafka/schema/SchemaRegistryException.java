package io.eddy.kafka.schema;

/**
 * Thrown if the schema registry is unavailable or rejects a request. This is not the fault of the
 * current record, which must not be dropped: a stream stops, or waits until the registry is
 * available, and resumes from its last commit.
 */
public class SchemaRegistryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public SchemaRegistryException(String message) {
    super(message);
  }

  public SchemaRegistryException(String message, Throwable cause) {
    super(message, cause);
  }
}
