package io.eddy.kafka.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

final class BrokerErrorsTest {
  private static BrokerException explain(Throwable cause) throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    return new BrokerErrors(Map.of("bootstrap.servers", "127.0.0.1:" + port))
        .explain(new ExecutionException(cause), "Describe");
  }

  /** Kafka's listing of groups wraps the timeout of its request for the brokers. */
  @Test
  void wrappedTimeoutIsUnreachable() throws IOException {
    TimeoutException timeout = new TimeoutException("Timed out");

    assertThat(explain(timeout).isUnreachable()).isTrue();
    assertThat(explain(new KafkaException("Failed to find brokers", timeout)).isUnreachable())
        .isTrue();
  }

  @Test
  void rejectionIsNotUnreachable() throws IOException {
    BrokerException rejected = explain(new InvalidRequestException("unknown"));

    assertThat(rejected.isUnreachable()).isFalse();
    assertThat(rejected).hasMessageContaining("rejected the request: unknown");
  }
}
