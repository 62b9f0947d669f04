package io.eddy.kafka.topics;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** A connection for administrative requests, which time out after about ten seconds. */
public final class BrokerAdmin implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Time within which brokers usually answer. */
  private static final Duration SOON = Duration.ofSeconds(2);

  private final Admin admin;
  private final BrokerErrors errors;
  private final String bootstrapServers;

  /**
   * Connects to a broker.
   *
   * @param client Kafka client settings, including {@code bootstrap.servers}
   * @throws BrokerException if the settings are invalid
   */
  public BrokerAdmin(Map<String, Object> client) {
    Map<String, Object> settings = ClientProperties.admin(client);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis() / 2);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    settings.putIfAbsent(AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, 500);
    settings.putIfAbsent(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2000);
    bootstrapServers = String.valueOf(client.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
    errors = new BrokerErrors(client);
    try {
      admin = Admin.create(settings);
    } catch (KafkaException e) {
      throw errors.explain(e, "Describe");
    }
  }

  /** Returns Kafka's client. */
  public Admin client() {
    return admin;
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  /**
   * Returns the descriptions of those topics that exist.
   *
   * @throws BrokerException if no broker answers, or a topic may not be described
   */
  public Map<String, TopicDescription> topics(Collection<String> names) {
    Map<String, TopicDescription> found = new HashMap<>();
    admin
        .describeTopics(names)
        .topicNameValues()
        .forEach(
            (name, description) -> {
              try {
                found.put(name, await(description, "Describe on topic " + name));
              } catch (BrokerException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                  throw e;
                }
              }
            });
    return found;
  }

  /**
   * Waits for the result of a request.
   *
   * @param operation that the request needs, as an ACL names it, such as {@code Delete}
   * @throws BrokerException if no broker answers or it rejects the request
   */
  public <T> T await(KafkaFuture<T> future, String operation) {
    try {
      if (!isDoneSoon(future)) {
        errors.requireMatchingProtocol();
      }
      return future.get(TIMEOUT.toMillis() + 1000, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw errors.explain(new org.apache.kafka.common.errors.TimeoutException(e), operation);
    } catch (ExecutionException e) {
      throw errors.explain(e, operation);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerException("interrupted", e);
    }
  }

  private static boolean isDoneSoon(KafkaFuture<?> future) throws InterruptedException {
    try {
      var unused = future.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      // The caller gets the same failure.
    }
    return true;
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
