package io.eddy.kafka.schema;

import java.util.List;

/**
 * A schema of the registry with the schemas that it refers to.
 *
 * @param text the schema in its language
 * @param references all schemas that are needed to read it, each after those it refers to itself
 */
public record RegisteredSchema(
    SchemaId id, SchemaType type, String text, List<Reference> references) {
  public RegisteredSchema {
    references = List.copyOf(references);
  }

  /**
   * A schema that another one refers to.
   *
   * @param name name in the referring schema: a type in Avro, an imported file in Protobuf
   */
  public record Reference(String name, String text) {}
}
