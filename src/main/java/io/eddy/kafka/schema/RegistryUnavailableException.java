package io.eddy.kafka.schema;

/**
 * Thrown if the schema registry does not answer, or answers with a server error. The same request
 * succeeds once the registry is available again.
 */
public final class RegistryUnavailableException extends SchemaRegistryException {
  private static final long serialVersionUID = 1;

  private final transient SchemaRegistrySettings registry;

  /**
   * Creates a failure.
   *
   * @param failure of the last request
   */
  public RegistryUnavailableException(SchemaRegistrySettings registry, String failure) {
    super(
        "schema registry %s is unavailable (%s): start it, or check schema.registry.url"
            .formatted(registry, failure));
    this.registry = registry;
  }

  /** Returns the settings of the registry. */
  public SchemaRegistrySettings registry() {
    return registry;
  }
}
