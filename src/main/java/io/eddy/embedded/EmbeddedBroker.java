package io.eddy.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Broker and controller in one, on the loopback interface alone. Its data lies in a temporary
 * folder that {@link #close} removes, or in a folder of the caller's that is kept.
 *
 * <p>It installs no exit hook: who starts it closes it, also where the process is told to end.
 * {@code close} may be called from any thread and more than once.
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

  /** A broker on a free port, with its data in a temporary folder. */
  public static EmbeddedBroker start() {
    return start(0, null);
  }

  /**
   * A broker that answers when this returns. On a folder whose last broker was killed that takes
   * some ten seconds: the controller waits until the old broker's session is over.
   *
   * @param port to listen at; 0 for a free one
   * @param folder of the data, made or taken up again, and kept; null for a temporary one
   * @throws IllegalArgumentException where the folder holds something else than a broker's data
   * @throws IllegalStateException where the port or the folder is in use, or the broker does not
   *     start
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

  /** Host and port that clients connect to. */
  public String bootstrapServers() {
    return BoundSockets.HOST + ":" + port;
  }

  /**
   * Stops and starts again, on the same port with the same data.
   *
   * @throws IllegalStateException where it is closed, or does not start again
   */
  public synchronized void restart() {
    if (isClosed) {
      throw new IllegalStateException("the broker is closed");
    }
    stopNode();
    node = startNode(port, folder);
  }

  /** Stops the broker and removes its temporary folder. */
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
          "the broker's folder %s cannot be used: %s"
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
      throw new IllegalStateException("the broker does not start: " + e.getMessage(), e);
    }
  }
}
