package io.eddy.kafka.access;

import static org.apache.kafka.common.acl.AclOperation.ALTER;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.promotion.PromotionController;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.kafka.topics.TopicNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The permissions that each role needs under given settings, and no others.
 *
 * <p>Idempotent and transactional producers need no permission on the cluster: brokers grant {@code
 * IDEMPOTENT_WRITE} to every principal that may write to a topic.
 */
public final class RequiredAccess {
  private static final Set<AclOperation> IMPLY_DESCRIBE = Set.of(READ, WRITE, DELETE, ALTER);

  private final TopicNames topics;
  private final String application;
  private final boolean isTransactional;

  private RequiredAccess(TopicNames topics, Deployment deployment) {
    this.topics = topics;
    application = deployment.applicationId();
    isTransactional =
        !StreamsConfig.AT_LEAST_ONCE.equals(
            deployment.client().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
  }

  /** Returns the permissions of several roles together, each resource once. */
  public static List<Permission> of(
      TopicNames topics, Deployment deployment, Collection<AccessRole> roles) {
    RequiredAccess access = new RequiredAccess(topics, deployment);
    Map<ResourcePattern, Set<AclOperation>> operations = new LinkedHashMap<>();
    roles.stream()
        .flatMap(role -> access.of(role).stream())
        .forEach(
            permission ->
                operations
                    .computeIfAbsent(permission.resource(), resource -> new TreeSet<>())
                    .addAll(permission.operations()));
    List<Permission> permissions = new ArrayList<>();
    operations.forEach(
        (resource, all) -> {
          List<AclOperation> needed = withoutImplied(withoutCovered(resource, all, operations));
          if (!needed.isEmpty()) {
            permissions.add(new Permission(resource, needed));
          }
        });
    return permissions;
  }

  /** Removes the operations that a permission on a prefix of the resource's name includes. */
  private static Set<AclOperation> withoutCovered(
      ResourcePattern resource,
      Set<AclOperation> operations,
      Map<ResourcePattern, Set<AclOperation>> all) {
    Set<AclOperation> left = new TreeSet<>(operations);
    all.forEach(
        (other, covered) -> {
          if (!other.equals(resource)
              && other.patternType() == PatternType.PREFIXED
              && other.resourceType() == resource.resourceType()
              && resource.name().startsWith(other.name())) {
            left.removeAll(covered);
          }
        });
    return left;
  }

  /** Removes the permission to describe where another one implies it. */
  private static List<AclOperation> withoutImplied(Set<AclOperation> operations) {
    boolean isImplied = IMPLY_DESCRIBE.stream().anyMatch(operations::contains);
    return operations.stream().filter(operation -> operation != DESCRIBE || !isImplied).toList();
  }

  private List<Permission> of(AccessRole role) {
    return switch (role) {
      case SERVE -> serve();
      case TRAIN -> concat(List.of(Permission.topic(topics.events(), READ)), writeModels());
      case MODELS -> concat(writeModels(), readRollout());
      case VERIFY -> verify();
      // A simulation continues after the last events of the topic.
      case FEED -> List.of(Permission.topic(topics.events(), READ, WRITE));
      case READ ->
          concat(
              read(
                  topics.events(),
                  topics.forecasts(),
                  topics.scores(),
                  topics.deadLetters(),
                  topics.status(),
                  topics.models(),
                  topics.activations()),
              readDetections());
      case TOPICS -> topics();
      case RESET -> reset();
    };
  }

  private List<Permission> serve() {
    List<Permission> permissions = new ArrayList<>(read(topics.events()));
    if (topics.keyedEvents() != null) {
      permissions.add(Permission.topic(topics.keyedEvents(), READ, WRITE));
    }
    if (topics.anomalies() != null) {
      permissions.add(Permission.topic(topics.anomalies(), WRITE));
    }
    Stream.of(topics.deadLetters(), topics.status())
        .forEach(topic -> permissions.add(Permission.topic(topic, WRITE)));
    // The promotion controller reads the scores, and the HTTP server answers with both.
    Stream.of(topics.forecasts(), topics.scores())
        .forEach(topic -> permissions.add(Permission.topic(topic, READ, WRITE)));
    if (topics.alerts() != null) {
      permissions.add(Permission.topic(topics.alerts(), WRITE));
    }
    permissions.addAll(read(topics.models()));
    permissions.addAll(writeActivations());
    // The check of the topics before the start reads their settings.
    topics.all().forEach(topic -> permissions.add(Permission.topic(topic, DESCRIBE_CONFIGS)));
    permissions.add(
        Permission.prefixed(
            ResourceType.TOPIC,
            application + "-" + ForecastTopology.SERIES_STORES,
            CREATE,
            READ,
            WRITE));
    permissions.add(Permission.group(application, READ));
    permissions.add(Permission.group(PromotionController.group(application), READ));
    if (isTransactional) {
      permissions.add(Permission.prefixed(ResourceType.TRANSACTIONAL_ID, application + "-", WRITE));
    }
    return permissions;
  }

  private List<Permission> topics() {
    List<Permission> permissions = new ArrayList<>();
    for (String topic : topics.all()) {
      permissions.add(
          topic.equals(topics.events())
              ? Permission.topic(topic, CREATE, READ, ALTER, DESCRIBE_CONFIGS)
              : Permission.topic(topic, CREATE, DELETE, DESCRIBE_CONFIGS));
    }
    // A change of the number of partitions moves the state.
    Stream.of(topics.forecasts(), topics.scores())
        .forEach(topic -> permissions.add(Permission.topic(topic, ALTER)));
    if (topics.alerts() != null) {
      permissions.add(Permission.topic(topics.alerts(), ALTER));
    }
    if (topics.keyedEvents() != null) {
      permissions.add(Permission.topic(topics.keyedEvents(), READ, ALTER));
    }
    if (topics.anomalies() != null) {
      permissions.add(Permission.topic(topics.anomalies(), ALTER));
    }
    permissions.add(Permission.topic(topics.activations(), READ, WRITE));
    permissions.add(
        Permission.prefixed(
            ResourceType.TOPIC,
            application + "-" + ForecastTopology.SERIES_STORES,
            READ,
            WRITE,
            ALTER));
    permissions.add(Permission.group(application, READ));
    permissions.add(Permission.group(PromotionController.group(application), DESCRIBE));
    return permissions;
  }

  private List<Permission> reset() {
    List<Permission> permissions = new ArrayList<>(read(topics.events()));
    if (topics.keyedEvents() != null) {
      permissions.add(Permission.topic(topics.keyedEvents(), READ, DELETE));
    }
    // A rebuild replays the events as a verification does, and writes the state.
    permissions.addAll(read(topics.forecasts(), topics.deadLetters(), topics.models()));
    permissions.addAll(readDetections());
    permissions.add(Permission.topic(topics.activations(), READ, WRITE));
    permissions.add(
        Permission.prefixed(
            ResourceType.TOPIC,
            application + "-" + ForecastTopology.SERIES_STORES,
            CREATE,
            WRITE,
            DELETE));
    permissions.add(Permission.group(application, READ));
    permissions.add(Permission.group(PromotionController.group(application), DELETE));
    return permissions;
  }

  private List<Permission> verify() {
    List<Permission> permissions =
        new ArrayList<>(
            read(
                topics.source(),
                topics.forecasts(),
                topics.deadLetters(),
                topics.models(),
                topics.activations()));
    permissions.addAll(readDetections());
    permissions.add(Permission.group(application, DESCRIBE));
    return permissions;
  }

  /** Returns what reading anomalies and alerts needs, as far as the settings have them. */
  private List<Permission> readDetections() {
    List<Permission> permissions = new ArrayList<>();
    if (topics.anomalies() != null) {
      permissions.addAll(read(topics.anomalies()));
    }
    if (topics.alerts() != null) {
      permissions.addAll(read(topics.alerts()));
    }
    return permissions;
  }

  /** Returns what publishing and activating a version needs. */
  private List<Permission> writeModels() {
    return concat(List.of(Permission.topic(topics.models(), READ, WRITE)), writeActivations());
  }

  private List<Permission> writeActivations() {
    return List.of(
        Permission.topic(topics.activations(), READ, WRITE),
        Permission.transactionalId(ModelRegistry.transactionalId(topics), WRITE));
  }

  /** Returns what {@code models status} and {@code models preview} need. */
  private List<Permission> readRollout() {
    return read(topics.status(), topics.scores(), topics.source());
  }

  private static List<Permission> read(String... topics) {
    return Stream.of(topics).map(topic -> Permission.topic(topic, READ)).toList();
  }

  private static List<Permission> concat(List<Permission> first, List<Permission> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
