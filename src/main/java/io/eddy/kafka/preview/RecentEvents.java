package io.eddy.kafka.preview;

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
 * The last events of some series, as the stream takes them. Reads the topic from its end backwards,
 * piece by piece, each twice as large as the one before, until there are enough of them: neither
 * time nor memory grows with the topic.
 */
final class RecentEvents {
  private static final long FIRST_PIECE = 10_000;

  /** Records that are read at most, unless a time says how far back to go. */
  private static final long MOST_RECORDS = 5_000_000;

  private final TopicReader reader;
  private final EventReader events;
  private final Map<TopicPartition, Long> begins;
  private final Map<TopicPartition, Long> ends;

  /** Of all that the topic holds now. */
  RecentEvents(TopicReader reader, StreamSettings settings) {
    this.reader = reader;
    events =
        new EventReader(
            settings.events().withRecordKey(),
            settings.policies().limits(),
            settings.policies().nullDeletes());
    begins = reader.beginningOffsets(settings.topics().source());
    ends = reader.endOffsets(settings.topics().source());
  }

  /** What was read of one series, in the order in which it came. */
  private static final class History {
    final List<Observation> observations = new ArrayList<>();

    /** Whether nothing before it matters, since the series was deleted. */
    boolean isWhole;
  }

  /**
   * Names of series among the last events of every partition.
   *
   * @param count how many at most, drawn by a hash
   * @param isWanted whether a series may be among them
   */
  List<String> sample(int count, Predicate<String> isWanted) {
    Set<String> seen =
        new TreeSet<>(
            Comparator.comparingLong(RecentEvents::draw).thenComparing(Comparator.naturalOrder()));
    Map<TopicPartition, Long> from = new HashMap<>();
    ends.forEach((partition, end) -> from.put(partition, before(partition, end, FIRST_PIECE)));
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

  /** An order that has nothing to do with the names, and is the same every time. */
  private static long draw(String series) {
    long h = series.hashCode() * 0x9e3779b97f4a7c15L;
    return (h ^ (h >>> 29)) * 0xbf58476d1ce4e5b9L;
  }

  /**
   * The last observations of each series.
   *
   * @param isEnough whether no more are needed
   * @return of every name; none where the series was not seen
   */
  Map<String, List<Observation>> last(
      Collection<String> names, Predicate<List<Observation>> isEnough) {
    Map<String, History> found = new TreeMap<>();
    names.forEach(name -> found.put(name, new History()));
    Set<String> lacking = new HashSet<>(names);
    Map<TopicPartition, Long> unread = new HashMap<>(ends);
    Map<String, TopicPartition> places = new HashMap<>();
    long left = MOST_RECORDS;
    for (long piece = FIRST_PIECE; left > 0; piece *= 2) {
      Map<TopicPartition, Long> from = new HashMap<>();
      Map<TopicPartition, Long> to = new HashMap<>();
      for (Map.Entry<TopicPartition, Long> one : unread.entrySet()) {
        long begin = before(one.getKey(), one.getValue(), piece);
        if (begin < one.getValue() && mayHold(one.getKey(), lacking, places)) {
          from.put(one.getKey(), begin);
          to.put(one.getKey(), one.getValue());
          left -= one.getValue() - begin;
        }
      }
      if (to.isEmpty()) {
        break;
      }
      unread.putAll(from);
      read(from, to, lacking, places)
          .forEach(
              (name, earlier) -> {
                History history = found.get(name);
                if (history != null && !history.isWhole) {
                  history.observations.addAll(0, earlier.observations);
                  history.isWhole = earlier.isWhole;
                }
              });
      found.forEach(
          (name, history) -> {
            if (history.isWhole || isEnough.test(history.observations)) {
              lacking.remove(name);
            }
          });
    }
    Map<String, List<Observation>> result = new TreeMap<>();
    found.forEach((name, history) -> result.put(name, history.observations));
    return result;
  }

  /**
   * All observations of each series since a time.
   *
   * @param fromMs time of the records, epoch milliseconds
   */
  Map<String, List<Observation>> since(Collection<String> names, long fromMs) {
    Map<TopicPartition, Long> from = reader.offsetsForTime(ends.keySet(), fromMs);
    from.replaceAll((partition, offset) -> Math.min(offset, end(partition)));
    Map<String, List<Observation>> result = new TreeMap<>();
    names.forEach(name -> result.put(name, List.of()));
    read(from, ends, Set.copyOf(names), new HashMap<>())
        .forEach((name, history) -> result.put(name, history.observations));
    return result;
  }

  private static boolean mayHold(
      TopicPartition partition, Set<String> names, Map<String, TopicPartition> places) {
    return names.stream().anyMatch(name -> places.getOrDefault(name, partition).equals(partition));
  }

  private Map<String, History> read(
      Map<TopicPartition, Long> from,
      Map<TopicPartition, Long> to,
      Set<String> names,
      Map<String, TopicPartition> places) {
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
            history.isWhole = true;
          }
          for (Observation observation : observations(read)) {
            String series = observation.series();
            if (names.contains(series)) {
              places.put(series, partition);
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
