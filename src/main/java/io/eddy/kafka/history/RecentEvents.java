package io.eddy.kafka.history;

import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.event.EventReader;
import io.eddy.kafka.event.ReadResult;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.series.Observation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the last events of some series. Reads the topic backwards from its end in chunks, each
 * twice as large as the one before, until there are enough events: neither time nor memory grows
 * with the topic.
 */
public final class RecentEvents {
  private static final long FIRST_CHUNK = 10_000;

  /** Maximum number of records to read, unless a start time is given. */
  private static final long MAX_RECORDS = 5_000_000;

  private final TopicReader reader;
  private final EventReader events;
  private final Map<TopicPartition, Long> begins;
  private final Map<TopicPartition, Long> ends;

  /** Creates a reader of the events that the topic holds now. */
  public RecentEvents(TopicReader reader, StreamSettings settings) {
    this.reader = reader;
    events =
        new EventReader(
            settings.events().ofSource(),
            settings.policies().limits(),
            settings.policies().nullValues());
    begins = reader.beginningOffsets(settings.topics().source());
    ends = reader.endOffsets(settings.topics().source());
  }

  /** The observations read of one series, in the order of the topic. */
  private static final class History {
    final List<Observation> observations = new ArrayList<>();

    /** Whether earlier events do not matter, because the series was deleted. */
    boolean isComplete;
  }

  /**
   * Returns a sample of the series among the last events of every partition, sorted.
   *
   * @param count maximum size of the sample
   * @param isWanted whether a series may be in the sample
   */
  public List<String> sample(int count, Predicate<String> isWanted) {
    Set<String> seen =
        new TreeSet<>(
            Comparator.comparingLong(RecentEvents::hash).thenComparing(Comparator.naturalOrder()));
    Map<TopicPartition, Long> from = new HashMap<>();
    ends.forEach((partition, end) -> from.put(partition, before(partition, end, FIRST_CHUNK)));
    reader.read(
        from,
        ends,
        record -> {
          for (Observation observation : observations(events.read(record))) {
            if (isWanted.test(observation.series())) {
              seen.add(observation.series());
            }
          }
        });
    return seen.stream().limit(count).sorted().toList();
  }

  /** Returns a hash by which the sample is drawn; it is the same in every run. */
  private static long hash(String series) {
    long h = series.hashCode() * 0x9e3779b97f4a7c15L;
    return (h ^ (h >>> 29)) * 0xbf58476d1ce4e5b9L;
  }

  /**
   * Returns the last observations of each series, by name; an empty list if there are none.
   *
   * @param isEnough whether no earlier observations are needed
   */
  public Map<String, List<Observation>> last(
      Collection<String> names, Predicate<List<Observation>> isEnough) {
    Map<String, History> found = new TreeMap<>();
    names.forEach(name -> found.put(name, new History()));
    Set<String> missing = new HashSet<>(names);
    Map<TopicPartition, Long> unread = new HashMap<>(ends);
    Map<String, TopicPartition> partitions = new HashMap<>();
    long left = MAX_RECORDS;
    for (long chunk = FIRST_CHUNK; left > 0; chunk *= 2) {
      Map<TopicPartition, Long> from = new HashMap<>();
      Map<TopicPartition, Long> to = new HashMap<>();
      for (Map.Entry<TopicPartition, Long> entry : unread.entrySet()) {
        long begin = before(entry.getKey(), entry.getValue(), chunk);
        if (begin < entry.getValue() && mayHold(entry.getKey(), missing, partitions)) {
          from.put(entry.getKey(), begin);
          to.put(entry.getKey(), entry.getValue());
          left -= entry.getValue() - begin;
        }
      }
      if (to.isEmpty()) {
        break;
      }
      unread.putAll(from);
      read(from, to, missing, partitions)
          .forEach(
              (name, earlier) -> {
                History history = found.get(name);
                if (history != null && !history.isComplete) {
                  history.observations.addAll(0, earlier.observations);
                  history.isComplete = earlier.isComplete;
                }
              });
      found.forEach(
          (name, history) -> {
            if (history.isComplete || isEnough.test(history.observations)) {
              missing.remove(name);
            }
          });
    }
    Map<String, List<Observation>> result = new TreeMap<>();
    found.forEach((name, history) -> result.put(name, history.observations));
    return result;
  }

  /**
   * Returns all observations of each series since a time, by name.
   *
   * @param fromMs record time, epoch milliseconds
   */
  public Map<String, List<Observation>> since(Collection<String> names, long fromMs) {
    Map<TopicPartition, Long> from = reader.offsetsForTime(ends.keySet(), fromMs);
    from.replaceAll((partition, offset) -> Math.min(offset, end(partition)));
    Map<String, List<Observation>> result = new TreeMap<>();
    names.forEach(name -> result.put(name, List.of()));
    read(from, ends, Set.copyOf(names), new HashMap<>())
        .forEach((name, history) -> result.put(name, history.observations));
    return result;
  }

  private static boolean mayHold(
      TopicPartition partition, Set<String> names, Map<String, TopicPartition> partitions) {
    return names.stream()
        .anyMatch(name -> partitions.getOrDefault(name, partition).equals(partition));
  }

  private Map<String, History> read(
      Map<TopicPartition, Long> from,
      Map<TopicPartition, Long> to,
      Set<String> names,
      Map<String, TopicPartition> partitions) {
    Map<String, History> found = new HashMap<>();
    reader.read(
        from,
        to,
        record -> {
          TopicPartition partition = new TopicPartition(record.topic(), record.partition());
          ReadResult read = events.read(record);
          if (read instanceof ReadResult.Deletion deletion && names.contains(deletion.series())) {
            History history = found.computeIfAbsent(deletion.series(), name -> new History());
            history.observations.clear();
            history.isComplete = true;
          }
          for (Observation observation : observations(read)) {
            String series = observation.series();
            if (names.contains(series)) {
              partitions.put(series, partition);
              found.computeIfAbsent(series, name -> new History()).observations.add(observation);
            }
          }
        });
    return found;
  }

  private static List<Observation> observations(ReadResult read) {
    return read instanceof ReadResult.Event event ? event.event().observations() : List.of();
  }

  private long before(TopicPartition partition, long end, long records) {
    return Math.max(begins.getOrDefault(partition, 0L), end - records);
  }

  private long end(TopicPartition partition) {
    return ends.getOrDefault(partition, 0L);
  }
}
