package io.eddy.kafka.reset;

import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.KeyPartitioner;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out which partitioner placed the series in their partitions. */
final class SeriesPlaces {
  /** Share of series that may be elsewhere, because of producers with old metadata. */
  private static final double MAX_MISPLACED = 0.01;

  private final int partitions;
  private final Map<Integer, Set<String>> series = new HashMap<>();
  private final Map<KeyPartitioner, Long> placed = new EnumMap<>(KeyPartitioner.class);
  private final Map<KeyPartitioner, String> examples = new HashMap<>();
  private long total;
  private @Nullable KeyPartitioner chosen;

  /** Creates it for a number of partitions. */
  SeriesPlaces(int partitions) {
    this.partitions = partitions;
  }

  /** Adds a record of a series' state, or of its deletion. */
  void add(byte[] key, boolean isDeletion, int partition) {
    Set<String> present = series.computeIfAbsent(partition, absent -> new HashSet<>());
    if (isDeletion) {
      present.remove(text(key));
    } else {
      present.add(text(key));
    }
  }

  private void count(String name, int partition) {
    total++;
    for (KeyPartitioner partitioner : KeyPartitioner.values()) {
      if (partitioner.partition(name.getBytes(StandardCharsets.UTF_8), partitions) == partition) {
        placed.merge(partitioner, 1L, Long::sum);
      } else {
        examples.putIfAbsent(
            partitioner, "series %s is in partition %d".formatted(name, partition));
      }
    }
  }

  private static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  /**
   * Chooses the partitioner that agrees with the places of the series.
   *
   * @param given the only one to accept; null for any
   * @throws BrokerException if none agrees
   */
  SeriesPlaces choose(@Nullable KeyPartitioner given, String topic) {
    series.forEach((partition, names) -> names.forEach(name -> count(name, partition)));
    for (KeyPartitioner partitioner : KeyPartitioner.values()) {
      boolean isCandidate = given == null ? chosen == null : given == partitioner;
      if (isCandidate && total - placed.getOrDefault(partitioner, 0L) <= total * MAX_MISPLACED) {
        chosen = partitioner;
      }
    }
    if (chosen == null) {
      throw new BrokerException(
          ("the state cannot be moved, because the producers of topic %s do not place series as %s"
                  + " does (%s): run `eddy reset`, which deletes the state and processes the events"
                  + " again, then `eddy topics alter`")
              .formatted(
                  topic,
                  given == null ? "murmur2 or crc32" : given.name().toLowerCase(Locale.ROOT),
                  examples.get(given == null ? KeyPartitioner.MURMUR2 : given)),
          new IllegalStateException());
    }
    return this;
  }

  /** Returns the partitioner that was chosen. */
  KeyPartitioner partitioner() {
    return Objects.requireNonNull(chosen);
  }

  /** Returns the number of series in the partitions where the partitioner places them. */
  long placed() {
    return placed.getOrDefault(partitioner(), 0L);
  }

  /** Returns the number of other series. */
  long misplaced() {
    return total - placed();
  }
}
