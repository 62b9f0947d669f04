package io.eddy.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker with its controller in this process, on the loopback interface only. Its data are
 * in a temporary folder, which {@link #close} deletes, or in a given folder, which is kept.
 *
 * <p>The broker installs no shutdown hook: the caller closes it, also when the process is
 * terminated. {@code close} may be called from any thread and more than once.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private final DataFolder folder;
  private final int port;
  private @Nullable KafkaNode node;
  private boolean isClosed;

  private EmbeddedBroker(DataFolder folder, KafkaNode node) {
    this.folder = folder;
    this.node = node;
    this.port = node.port();
  }

  /** Starts a broker on a free port, with its data in a temporary folder. */
  public static EmbeddedBroker start() {
    return start(0, null);
  }

  /**
   * Starts a broker and waits until it is ready. This takes about ten seconds if the last broker on
   * the folder was killed, because the controller waits for the old broker's session to expire.
   *
   * @param port to listen on; 0 for a free port
   * @param folder of the data, created if absent and kept; null for a temporary folder
   * @throws IllegalArgumentException if the folder contains other files than a broker's data
   * @throws IllegalStateException if the port or the folder is in use, or the broker fails to start
   */
  public static EmbeddedBroker start(int port, @Nullable Path folder) {
    DataFolder data = open(folder);
    boolean isUp = false;
    try {
      EmbeddedBroker broker = new EmbeddedBroker(data, startNode(port, data));
      isUp = true;
      return broker;
    } finally {
      if (!isUp) {
        data.close();
      }
    }
  }

  /** Returns the host and port that clients connect to. */
  public String bootstrapServers() {
    return BoundSockets.HOST + ":" + port;
  }

  /** Stops the broker and keeps its data. {@link #restart} starts it again. */
  public synchronized void stop() {
    stopNode();
  }

  /**
   * Restarts the broker, or starts a stopped one, on the same port with the same data.
   *
   * @throws IllegalStateException if the broker is closed, or fails to start
   */
  public synchronized void restart() {
    if (isClosed) {
      throw new IllegalStateException("the broker is closed");
    }
    stopNode();
    node = startNode(port, folder);
  }

  /** Stops the broker and deletes its temporary folder. */
  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    stopNode();
    folder.close();
  }

  private void stopNode() {
    KafkaNode running = node;
    node = null;
    if (running != null) {
      running.close();
    }
  }

  private static DataFolder open(@Nullable Path folder) {
    try {
      return DataFolder.open(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot use the broker's folder %s: %s"
              .formatted(folder == null ? "for temporary data" : folder, e),
          e);
    }
  }

  private static KafkaNode startNode(int port, DataFolder folder) {
    try {
      return KafkaNode.start(port, folder.path());
    } catch (BindException e) {
      throw new IllegalStateException(e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException("the broker failed to start: " + e.getMessage(), e);
    }
  }
}
