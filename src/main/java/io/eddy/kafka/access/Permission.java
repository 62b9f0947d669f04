package io.eddy.kafka.access;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Operations on a resource, or on all resources whose names start with a prefix.
 *
 * <p>An authorizer that allows {@code READ}, {@code WRITE}, {@code DELETE} or {@code ALTER} also
 * allows {@code DESCRIBE}, which is therefore not listed separately.
 *
 * @param operations in alphabetical order, without duplicates
 */
public record Permission(ResourcePattern resource, List<AclOperation> operations) {
  public Permission {
    operations = operations.stream().distinct().sorted().toList();
    if (operations.isEmpty()) {
      throw new IllegalArgumentException("operations: expected at least one");
    }
  }

  static Permission topic(String name, AclOperation... operations) {
    return literal(ResourceType.TOPIC, name, operations);
  }

  static Permission group(String name, AclOperation... operations) {
    return literal(ResourceType.GROUP, name, operations);
  }

  static Permission transactionalId(String name, AclOperation... operations) {
    return literal(ResourceType.TRANSACTIONAL_ID, name, operations);
  }

  static Permission prefixed(ResourceType type, String prefix, AclOperation... operations) {
    return new Permission(
        new ResourcePattern(type, prefix, PatternType.PREFIXED), List.of(operations));
  }

  private static Permission literal(ResourceType type, String name, AclOperation... operations) {
    return new Permission(
        new ResourcePattern(type, name, PatternType.LITERAL), List.of(operations));
  }

  /** Returns the kind of resource as Kafka's tools spell it, such as {@code transactional-id}. */
  public String resourceType() {
    return resource.resourceType().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public boolean isPrefix() {
    return resource.patternType() == PatternType.PREFIXED;
  }

  /** Returns an operation as Kafka's tools spell it, such as {@code DescribeConfigs}. */
  public static String name(AclOperation operation) {
    StringBuilder name = new StringBuilder();
    for (String word : operation.name().split("_", -1)) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.toString();
  }

  /** Returns the operations and the resource, such as {@code Read on topic sensor-events}. */
  @Override
  public String toString() {
    return operations.stream().map(Permission::name).collect(Collectors.joining(", "))
        + " on %s %s%s".formatted(resourceType(), resource.name(), isPrefix() ? "*" : "");
  }
}
