package io.eddy.kafka.topics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The changes of an application's number of partitions, in their order. It is a record of the
 * activations topic, as JSON, because both decide which state a forecast was made with.
 */
public record PartitionHistory(List<PartitionGrowth> changes) {
  private static final String KEY_SUFFIX = "/partitions";
  private static final ObjectMapper JSON = new ObjectMapper();

  public PartitionHistory {
    changes = List.copyOf(changes);
  }

  /** Returns whether a record of the activations topic is a history. */
  public static boolean isKey(String key) {
    return key.endsWith(KEY_SUFFIX);
  }

  /**
   * Reads the history.
   *
   * @throws BrokerException if no broker answers, the topic is missing, or the record is invalid
   */
  public static PartitionHistory read(TopicReader reader, String activations, String application) {
    byte[] key = key(application).getBytes(StandardCharsets.UTF_8);
    List<byte @Nullable []> values = new ArrayList<>();
    reader.read(
        activations,
        record -> {
          if (record.key() != null && java.util.Arrays.equals(record.key(), key)) {
            values.clear();
            values.add(record.value());
          }
        });
    byte[] last = values.isEmpty() ? null : values.get(0);
    return new PartitionHistory(last == null ? List.of() : parse(last));
  }

  private static String key(String application) {
    return application + KEY_SUFFIX;
  }

  private static List<PartitionGrowth> parse(byte[] value) {
    try {
      return JSON.readValue(value, new TypeReference<List<Entry>>() {}).stream()
          .map(Entry::growth)
          .toList();
    } catch (IOException e) {
      throw new BrokerException("the record of the changes of partitions is invalid", e);
    }
  }

  /** Returns the change that was begun and not finished, if any. */
  public Optional<PartitionGrowth> unfinished() {
    return changes.stream().filter(change -> !change.isDone()).findFirst();
  }

  /** Returns the history with a change, which replaces an unfinished one. */
  public PartitionHistory with(PartitionGrowth change) {
    List<PartitionGrowth> all =
        new ArrayList<>(changes.stream().filter(PartitionGrowth::isDone).toList());
    all.add(change);
    return new PartitionHistory(all);
  }

  /** Writes the history. */
  public void write(Map<String, Object> client, String activations, String application) {
    try (RecordWriter writer = new RecordWriter(client, activations)) {
      writer.write(
          key(application), JSON.writeValueAsBytes(changes.stream().map(Entry::of).toList()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A change as JSON. */
  private record Entry(
      String topic,
      int from,
      int to,
      KeyPartitioner partitioner,
      Map<Integer, Long> offsets,
      boolean done) {
    static Entry of(PartitionGrowth growth) {
      return new Entry(
          growth.topic(),
          growth.from(),
          growth.to(),
          growth.partitioner(),
          growth.offsets(),
          growth.isDone());
    }

    PartitionGrowth growth() {
      return new PartitionGrowth(topic, from, to, partitioner, offsets, done);
    }
  }
}
