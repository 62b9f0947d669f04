package io.eddy.kafka.topics;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigException;

/** A connection for administrative requests, which time out after about ten seconds. */
public final class BrokerAdmin implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Admin admin;
  private final String bootstrapServers;

  /**
   * Connects to a broker.
   *
   * @param client Kafka client settings, including {@code bootstrap.servers}
   * @throws BrokerException if the host name cannot be resolved
   */
  public BrokerAdmin(Map<String, Object> client) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis() / 2);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    settings.putIfAbsent(AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, 500);
    settings.putIfAbsent(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2000);
    bootstrapServers = String.valueOf(client.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
    try {
      admin = Admin.create(settings);
    } catch (KafkaException e) {
      throw e.getCause() instanceof ConfigException
          ? BrokerException.unreachable(bootstrapServers, e)
          : e;
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
   * Waits for the result of a request.
   *
   * @throws BrokerException if no broker answers or it rejects the request
   */
  public <T> T await(KafkaFuture<T> future) {
    try {
      return future.get(TIMEOUT.toMillis() + 1000, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw BrokerException.unreachable(bootstrapServers, e);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw BrokerException.unreachable(bootstrapServers, cause);
      }
      throw new BrokerException(
          "the broker at " + bootstrapServers + " rejected the request: " + cause.getMessage(),
          cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerException("interrupted", e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
