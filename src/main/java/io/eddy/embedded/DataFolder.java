package io.eddy.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A formatted folder of a broker's data, locked while it is open.
 *
 * <p>Kafka takes its own lock only after the controller has written to its log. Without this lock,
 * a second broker on the same folder would corrupt the data before it fails.
 */
final class DataFolder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DataFolder.class);
  private static final String FORMATTED = "meta.properties";

  private final Path path;
  private final boolean isTemporary;
  private final FolderLock lock;

  private DataFolder(Path path, boolean isTemporary, FolderLock lock) {
    this.path = path;
    this.isTemporary = isTemporary;
    this.lock = lock;
  }

  /**
   * Opens a folder.
   *
   * @param kept created and formatted if absent; null for a temporary folder
   * @throws IllegalArgumentException if the folder contains other files than a broker's data
   * @throws IllegalStateException if another broker uses it
   */
  static DataFolder open(@Nullable Path kept) throws IOException {
    Path path =
        kept == null
            ? Files.createTempDirectory("eddy-broker-")
            : Files.createDirectories(kept.toAbsolutePath());
    requireOwn(path);
    DataFolder folder = new DataFolder(path, kept == null, FolderLock.acquire(path));
    boolean isReady = false;
    try {
      if (!Files.exists(path.resolve(FORMATTED))) {
        format(path, KafkaNode.NODE_ID, Uuid.randomUuid().toString());
      }
      isReady = true;
    } finally {
      if (!isReady) {
        folder.close();
      }
    }
    return folder;
  }

  Path path() {
    return path;
  }

  /** Releases the lock and deletes the folder if it is temporary. */
  @Override
  public void close() {
    try {
      lock.close();
      if (isTemporary) {
        delete(path);
      }
    } catch (IOException | UncheckedIOException e) {
      log.warn("cannot close the broker's folder {}", path, e);
    }
  }

  /** Rejects a folder with other files; Kafka would fail at the first unknown entry. */
  private static void requireOwn(Path path) throws IOException {
    if (Files.exists(path.resolve(FORMATTED))) {
      return;
    }
    try (Stream<Path> entries = Files.list(path)) {
      if (entries.anyMatch(entry -> !entry.endsWith(FolderLock.FILE))) {
        throw new IllegalArgumentException(
            "folder %s contains other files than a broker's data; choose an empty folder"
                .formatted(path));
      }
    }
  }

  /** Writes the files that a node of a cluster needs before its first start. */
  static void format(Path path, int nodeId, String clusterId) {
    try (PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(silent)
          .setSupportedFeatures(List.copyOf(Feature.PRODUCTION_FEATURES))
          .setNodeId(nodeId)
          .setClusterId(clusterId)
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .setControllerListenerName(KafkaNode.CONTROLLER)
          .setMetadataLogDirectory(path.toString())
          .addDirectory(path.toString())
          .run();
    } catch (Exception e) {
      throw new IllegalStateException(
          "cannot format folder %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  private static void delete(Path path) throws IOException {
    try (Stream<Path> entries = Files.walk(path)) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(entry);
      }
    }
  }
}
