package io.eddy.kafka.reset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.eddy.kafka.topics.BrokerException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The cluster and the topics that the state on this machine was computed from, kept in a file
 * beside it. Offsets and states of another cluster, or of a topic that was deleted and created
 * again, would be continued without an error.
 *
 * <p>The file is replaced atomically and has a checksum. Without it, or if it is damaged, the
 * origin of a present state is unknown, and the state is rejected.
 */
public final class StateOrigin {
  private static final String FILE = "origin.properties";
  private static final String CLUSTER = "cluster.id";
  private static final String TOPIC = "topic.";
  private static final String CHECKSUM = "checksum";

  /** Folders of the state of tasks and of the global stores. */
  private static final Pattern STATE_FOLDER = Pattern.compile("\\d+_\\d+|global");

  private final LocalState state;

  public StateOrigin(LocalState state) {
    this.state = state;
  }

  /**
   * Compares the recorded origin with the present one, and records it if there is none.
   *
   * @param clusterId of the present cluster
   * @param topicIds ids of the present topics that the state depends on, by name
   * @param outputIds ids of the other topics; those of the first start stay recorded
   * @throws BrokerException if the state has another origin
   */
  public void require(
      String clusterId, Map<String, String> topicIds, Map<String, String> outputIds) {
    Map<String, String> recorded = read();
    String cluster = recorded.get(CLUSTER);
    if (cluster != null && !cluster.equals(clusterId)) {
      throw failure(
          ("the state in %s is of another cluster (%s, the present one is %s): set state.dir to"
                  + " another directory, or delete the state with `eddy reset --local`")
              .formatted(state.folder(), cluster, clusterId));
    }
    topicIds.forEach((topic, id) -> require(topic, id, recorded.getOrDefault(TOPIC + topic, id)));
    Map<String, String> present = new TreeMap<>(recorded);
    present.put(CLUSTER, clusterId);
    topicIds.forEach((topic, id) -> present.put(TOPIC + topic, id));
    outputIds.forEach((topic, id) -> present.putIfAbsent(TOPIC + topic, id));
    if (!present.equals(recorded)) {
      write(present);
    }
  }

  /**
   * Returns the recorded ids of topics, by name; empty if no forecaster has run on this machine.
   *
   * @throws BrokerException if the file is damaged, or missing while a state exists
   */
  public Map<String, String> topics() {
    Map<String, String> ids = new TreeMap<>();
    read()
        .forEach(
            (key, id) -> {
              if (key.startsWith(TOPIC)) {
                ids.put(key.substring(TOPIC.length()), id);
              }
            });
    return ids;
  }

  private void require(String topic, String id, String recorded) {
    if (!recorded.equals(id)) {
      throw failure(
          ("topic %s was deleted and created again since the state in %s was computed: start over"
                  + " with `eddy reset`")
              .formatted(topic, state.folder()));
    }
  }

  private static BrokerException failure(String message) {
    return new BrokerException(message, new IllegalStateException());
  }

  private Path file() {
    return state.folder().resolve(FILE);
  }

  private Map<String, String> read() {
    if (!Files.exists(file())) {
      requireNoState();
      return Map.of();
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file())) {
      properties.load(reader);
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw damaged();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file() + ": " + e.getMessage(), e);
    }
    Map<String, String> values = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
    String checksum = values.remove(CHECKSUM);
    if (!values.containsKey(CLUSTER) || !checksum(values).equals(checksum)) {
      throw damaged();
    }
    return values;
  }

  private BrokerException damaged() {
    return failure(
        ("%s is damaged, so that it is unknown which cluster and topics the state beside it is of:"
                + " delete the state with `eddy reset --local`; it is restored from the changelog"
                + " topics")
            .formatted(file()));
  }

  /** Checks that there is no state whose origin is unknown. */
  private void requireNoState() {
    if (!state.exists()) {
      return;
    }
    try (Stream<Path> all = Files.list(state.folder())) {
      if (all.anyMatch(path -> STATE_FOLDER.matcher(path.getFileName().toString()).matches())) {
        throw failure(
            ("%s is missing, so that it is unknown which cluster and topics the state beside it is"
                    + " of: delete the state with `eddy reset --local`; it is restored from the"
                    + " changelog topics")
                .formatted(file()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + state.folder() + ": " + e.getMessage(), e);
    }
  }

  private static String checksum(Map<String, String> values) {
    CRC32C crc = new CRC32C();
    new TreeMap<>(values)
        .forEach((key, value) -> crc.update((key + "=" + value + "\n").getBytes(UTF_8)));
    return "%08x".formatted(crc.getValue());
  }

  private void write(Map<String, String> values) {
    Properties properties = new Properties();
    properties.putAll(values);
    properties.setProperty(CHECKSUM, checksum(values));
    StringWriter text = new StringWriter();
    Path next = state.folder().resolve(FILE + ".new");
    try {
      properties.store(text, "the origin of the state in this directory");
      Files.createDirectories(state.folder());
      try (FileChannel channel =
          FileChannel.open(next, StandardOpenOption.CREATE, WRITE, TRUNCATE_EXISTING)) {
        ByteBuffer bytes = UTF_8.encode(text.toString());
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file() + ": " + e.getMessage(), e);
    }
  }

  /** Makes the renaming durable, where the operating system can open a folder. */
  private void forceFolder() throws IOException {
    try (FileChannel channel = FileChannel.open(state.folder(), StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      // Windows: the file system's journal keeps the order.
    }
  }
}
