package io.eddy.kafka.topics;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TopicAdminIT {
  @Test
  void reportsUnavailableBroker() throws IOException {
    String nobody = "127.0.0.1:" + freePort();

    try (TopicAdmin admin = new TopicAdmin(Map.of("bootstrap.servers", nobody))) {
      assertThatExceptionOfType(BrokerException.class)
          .isThrownBy(() -> admin.check(TopicNames.DEFAULT))
          .withMessageStartingWith("no broker answers at " + nobody);
    }
  }

  @Test
  void reportsListenerThatIsNotABroker() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        TopicAdmin admin =
            new TopicAdmin(Map.of("bootstrap.servers", "127.0.0.1:" + mute.getLocalPort()))) {
      assertThatExceptionOfType(BrokerException.class)
          .isThrownBy(() -> admin.create(TopicNames.DEFAULT, 1))
          .withMessageStartingWith("no broker answers at 127.0.0.1:");
    }
  }

  @Test
  void reportsUnknownHost() {
    assertThatExceptionOfType(BrokerException.class)
        .isThrownBy(() -> new TopicAdmin(Map.of("bootstrap.servers", "nowhere.invalid:9092")))
        .withMessageStartingWith("the host name of the broker at nowhere.invalid:9092");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
