package io.eddy.kafka.schema;

import java.util.UUID;

/**
 * Identifier of a registered schema in a record.
 *
 * @param high the upper half of a GUID; 0 for a number
 * @param low the number, or the lower half of a GUID
 */
public record SchemaId(Kind kind, long high, long low) {
  /** Numbering that an identifier belongs to. */
  public enum Kind {
    /** The id of Confluent's REST interface, which is Apicurio's content id. */
    CONTENT,
    /** Apicurio's global id, which differs for each version of an artifact. */
    GLOBAL,
    /** Confluent's globally unique identifier. */
    GUID
  }

  /** Returns the identifier that Confluent's REST interface uses. */
  public static SchemaId of(long id) {
    return new SchemaId(Kind.CONTENT, 0, id);
  }

  /** Returns Apicurio's global id. */
  static SchemaId global(long id) {
    return new SchemaId(Kind.GLOBAL, 0, id);
  }

  /** Returns the identifier as the registry writes it. */
  String text() {
    return kind == Kind.GUID ? new UUID(high, low).toString() : Long.toUnsignedString(low);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case CONTENT -> "id " + text();
      case GLOBAL -> "global id " + text();
      case GUID -> "GUID " + text();
    };
  }
}
