package io.eddy.kafka.access;

import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.kafka.topics.BrokerErrors;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.ClientProperties;
import io.eddy.kafka.topics.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Asks the brokers which permissions of a role are missing. Changes nothing on the cluster.
 *
 * <p>What brokers cannot tell counts as permitted: topics that do not exist yet, and brokers that
 * do not support a request.
 */
public final class AccessCheck {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String PROBE = "access-check";

  private final Deployment deployment;
  private final BrokerErrors errors;
  private final List<Permission> required;

  public AccessCheck(TopicNames topics, Deployment deployment, AccessRole role) {
    this.deployment = deployment;
    errors = new BrokerErrors(deployment.client());
    required = RequiredAccess.of(topics, deployment, List.of(role));
  }

  /**
   * Checks that no permission is missing.
   *
   * @throws BrokerException that names each missing permission
   */
  public void require() {
    List<Permission> missing = missing();
    if (!missing.isEmpty()) {
      throw new BrokerException(denied(missing), new IllegalStateException());
    }
  }

  /**
   * Explains an error of a client that runs with this role.
   *
   * @return the missing permissions, the reason of a failed authentication, or empty for another
   *     error
   */
  public Optional<String> explain(Throwable error) {
    String description = errors.describe(error, "an operation");
    if (description == null || !isDenied(error)) {
      return Optional.ofNullable(description);
    }
    try {
      List<Permission> missing = missing();
      return Optional.of(missing.isEmpty() ? description : denied(missing));
    } catch (BrokerException e) {
      return Optional.of(description);
    }
  }

  private static boolean isDenied(Throwable error) {
    Throwable cause = error;
    while (cause != null && !(cause instanceof AuthorizationException)) {
      cause = cause.getCause();
    }
    return cause != null;
  }

  private String denied(List<Permission> missing) {
    return errors.denied(
        missing.stream().map(Permission::toString).collect(Collectors.joining("; ")));
  }

  /**
   * Returns the missing permissions.
   *
   * @throws BrokerException if no broker answers
   */
  public List<Permission> missing() {
    Map<String, Object> settings = ClientProperties.admin(deployment.client());
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis() / 2);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    try (Admin admin = Admin.create(settings)) {
      List<Permission> missing = new ArrayList<>();
      Map<String, KafkaFuture<TopicDescription>> topics = describe(admin);
      for (Permission permission : required) {
        Set<AclOperation> denied = EnumSet.noneOf(AclOperation.class);
        switch (permission.resource().resourceType()) {
          case TOPIC -> denied.addAll(deniedOnTopics(admin, permission, topics));
          case GROUP -> denied.addAll(deniedOnGroup(admin, permission));
          case TRANSACTIONAL_ID -> denied.addAll(deniedIf(permission, describe(admin, permission)));
          default -> {}
        }
        if (!denied.isEmpty()) {
          missing.add(new Permission(permission.resource(), List.copyOf(denied)));
        }
      }
      return missing;
    } catch (KafkaException e) {
      throw errors.explain(e, "Describe");
    }
  }

  /** Describes the topics that permissions name, and the existing internal topics. */
  private Map<String, KafkaFuture<TopicDescription>> describe(Admin admin) {
    List<String> names =
        Stream.concat(
                required.stream()
                    .filter(
                        permission -> permission.resource().resourceType() == ResourceType.TOPIC)
                    .filter(permission -> !permission.isPrefix())
                    .map(permission -> permission.resource().name()),
                ForecastTopology.changelogTopics(deployment.applicationId()).stream())
            .distinct()
            .toList();
    return new HashMap<>(
        admin
            .describeTopics(names, new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .topicNameValues());
  }

  private Set<AclOperation> deniedOnTopics(
      Admin admin, Permission permission, Map<String, KafkaFuture<TopicDescription>> topics) {
    Set<AclOperation> denied = EnumSet.noneOf(AclOperation.class);
    topics.forEach(
        (name, description) -> {
          boolean isMatch =
              permission.isPrefix()
                  ? name.startsWith(permission.resource().name())
                  : name.equals(permission.resource().name());
          if (isMatch) {
            denied.addAll(deniedOnTopic(permission, description));
          }
        });
    if (permission.operations().contains(AclOperation.CREATE)
        && isDenied(create(admin, probe(permission)))) {
      denied.add(AclOperation.CREATE);
    }
    return denied;
  }

  private static Collection<AclOperation> deniedOnTopic(
      Permission permission, KafkaFuture<TopicDescription> description) {
    Set<AclOperation> wanted = new HashSet<>(permission.operations());
    wanted.remove(AclOperation.CREATE);
    try {
      Set<AclOperation> granted = get(description).authorizedOperations();
      if (granted == null) {
        return List.of();
      }
      wanted.removeAll(granted);
      return wanted;
    } catch (ExecutionException e) {
      return e.getCause() instanceof AuthorizationException ? wanted : List.of();
    }
  }

  private static Collection<AclOperation> deniedOnGroup(Admin admin, Permission permission) {
    String group = permission.resource().name();
    if (permission.operations().contains(AclOperation.READ)) {
      return deniedIf(permission, leave(admin, group));
    }
    Set<AclOperation> wanted = new HashSet<>(permission.operations());
    try {
      Set<AclOperation> granted =
          Objects.requireNonNull(
                  get(admin
                          .describeConsumerGroups(
                              List.of(group),
                              new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                          .all())
                      .get(group))
              .authorizedOperations();
      wanted.removeAll(granted == null ? wanted : granted);
      return wanted;
    } catch (ExecutionException e) {
      return isDenied(e) ? wanted : List.of();
    }
  }

  private static Collection<AclOperation> deniedIf(Permission permission, KafkaFuture<?> request) {
    return isDenied(request) ? permission.operations() : List.of();
  }

  /** Returns whether a broker denies a request; other failures count as permitted. */
  private static boolean isDenied(KafkaFuture<?> request) {
    try {
      var unused = get(request);
      return false;
    } catch (ExecutionException e) {
      return isDenied(e);
    }
  }

  /** Validates the creation of a topic without creating it. */
  private static KafkaFuture<?> create(Admin admin, String topic) {
    return admin
        .createTopics(
            List.of(new NewTopic(topic, Optional.of(1), Optional.empty())),
            new CreateTopicsOptions().validateOnly(true))
        .all();
  }

  /** Removes a member that does not exist, which needs the permission to be a member. */
  private static KafkaFuture<?> leave(Admin admin, String group) {
    return admin
        .removeMembersFromConsumerGroup(
            group, new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove(PROBE))))
        .all();
  }

  private static KafkaFuture<?> describe(Admin admin, Permission transactionalId) {
    return admin.describeTransactions(List.of(probe(transactionalId))).all();
  }

  /** Returns the name of a resource that a permission covers. */
  private static String probe(Permission permission) {
    return permission.resource().name() + (permission.isPrefix() ? PROBE : "");
  }

  private static <T> T get(KafkaFuture<T> future) throws ExecutionException {
    try {
      return future.get(TIMEOUT.toMillis() + 1000, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new org.apache.kafka.common.errors.TimeoutException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerException("interrupted", e);
    }
  }
}
