package io.eddy.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedBrokerIT {
  @Test
  void listensOnLoopbackOnly() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        Admin admin = connect(broker)) {
      assertThat(admin.describeCluster().nodes().get())
          .singleElement()
          .satisfies(
              node ->
                  assertThat(node.host() + ":" + node.port())
                      .isEqualTo(broker.bootstrapServers())
                      .startsWith("127.0.0.1:"));
    }
  }

  @Test
  void keepsPortAndDataAcrossRestart() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      String before = broker.bootstrapServers();
      createTopic(broker, "kept");

      broker.restart();

      assertThat(broker.bootstrapServers()).isEqualTo(before);
      assertThat(topics(broker)).containsExactly("kept");
    }
  }

  @Test
  void reusesFolderOfEarlierBroker(@TempDir Path folder) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, folder)) {
      createTopic(broker, "kept");
    }

    try (EmbeddedBroker broker = EmbeddedBroker.start(0, folder)) {
      assertThat(topics(broker)).containsExactly("kept");
    }
  }

  @Test
  void deletesTemporaryFolder() throws Exception {
    Path folder;
    try (DataFolder data = DataFolder.open(null);
        KafkaNode node = KafkaNode.start(0, data.path())) {
      folder = data.path();
      assertThat(node.port()).isPositive();
      assertThat(folder).isNotEmptyDirectory();
    }

    assertThat(folder).doesNotExist();
  }

  @Test
  void closeIsIdempotent() {
    EmbeddedBroker broker = EmbeddedBroker.start();
    broker.close();

    assertThatCode(broker::close).doesNotThrowAnyException();
    assertThatIllegalStateException()
        .isThrownBy(broker::restart)
        .withMessage("the broker is closed");
  }

  @Test
  void rejectsPortInUse(@TempDir Path folder) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThatIllegalStateException()
          .isThrownBy(() -> EmbeddedBroker.start(port, folder))
          .withMessage("port %d is in use; choose another port (--port)", port);
    }

    assertThatCode(() -> DataFolder.open(folder).close()).doesNotThrowAnyException();
  }

  @Test
  void rejectsFolderInUse(@TempDir Path folder) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, folder)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> EmbeddedBroker.start(0, folder))
          .withMessageContaining("is in use by another broker");

      createTopic(broker, "unharmed");
      assertThat(topics(broker)).containsExactly("unharmed");
    }
  }

  @Test
  void rejectsFolderWithOtherFiles(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("letter.txt"), "mine");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> EmbeddedBroker.start(0, folder))
        .withMessageContaining("choose an empty folder");

    try (Stream<Path> entries = Files.list(folder)) {
      assertThat(entries).containsExactly(folder.resolve("letter.txt"));
    }
  }

  private static Admin connect(EmbeddedBroker broker) {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  private static void createTopic(EmbeddedBroker broker, String name) throws Exception {
    try (Admin admin = connect(broker)) {
      admin.createTopics(List.of(new NewTopic(name, 2, (short) 1))).all().get();
    }
  }

  private static Set<String> topics(EmbeddedBroker broker) throws Exception {
    try (Admin admin = connect(broker)) {
      return admin.listTopics().names().get();
    }
  }
}
