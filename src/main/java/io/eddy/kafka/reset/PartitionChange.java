package io.eddy.kafka.reset;

import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.event.KeyEncoding;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.kafka.topics.BrokerAdmin;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.KeyPartitioner;
import io.eddy.kafka.topics.PartitionGrowth;
import io.eddy.kafka.topics.PartitionHistory;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Changes the number of partitions of an application: of its topics, and of its state, whose series
 * move with their events.
 *
 * <p>The steps are {@link #plan}, {@link #growSource}, the processing of the events that {@link
 * #unprocessed} counts, and {@link #finish}. Each may be repeated after a failure.
 */
public final class PartitionChange {
  private static final long TRANSACTION_TIMEOUT_NS = 120_000_000_000L;
  private static final long POLL_NS = 200_000_000L;

  private final EddyConfig settings;
  private final BrokerAdmin broker;
  private final TopicReader reader;
  private final TopicNames topics;
  private final ApplicationGroups groups;

  /**
   * Creates it.
   *
   * @param broker a connection, which the caller closes
   */
  public PartitionChange(EddyConfig settings, BrokerAdmin broker) {
    this.settings = settings;
    this.broker = broker;
    reader = new TopicReader(settings.client());
    topics = settings.stream().topics();
    groups = new ApplicationGroups(broker, settings.applicationId());
  }

  /** A change of the number of partitions of a topic. */
  public record Growth(String topic, int from, int to) {}

  /**
   * The changes.
   *
   * @param topics whose number of partitions changes
   * @param from number of partitions of the state; {@code to} if there is none
   * @param to number of partitions afterwards
   * @param changelogs the changelog topics
   * @param isContinued whether an earlier change was begun and not finished
   * @param partitioner that places the series; null if no state moves
   * @param series number of series in the partitions where {@code partitioner} places them
   * @param misplaced number of other series, which keep their partition
   */
  public record Plan(
      List<Growth> topics,
      int from,
      int to,
      List<String> changelogs,
      boolean isContinued,
      @Nullable KeyPartitioner partitioner,
      long series,
      long misplaced) {
    public Plan {
      topics = List.copyOf(topics);
      changelogs = List.copyOf(changelogs);
    }

    /** Returns whether states move to other partitions. */
    public boolean isMoving() {
      return partitioner != null;
    }

    /** Returns whether nothing is left to do. */
    public boolean isEmpty() {
      return topics.isEmpty() && !isContinued;
    }
  }

  /**
   * Returns what would change. Changes nothing.
   *
   * @param partitions number of partitions; null for that of the source topic
   * @param given how producers place series; null to find out from the state
   * @throws ActiveApplicationException if an instance is running
   * @throws IllegalArgumentException if the topics have more partitions
   * @throws BrokerException if the state cannot be moved
   */
  public Plan plan(@Nullable Integer partitions, @Nullable KeyPartitioner given) {
    groups.requireInactive();
    Map<String, Integer> present = present(topics.all());
    int source = required(present, topics.source());
    Optional<PartitionGrowth> unfinished = history().unfinished();
    int to = unfinished.map(PartitionGrowth::to).orElse(partitions == null ? source : partitions);
    for (String topic : List.of(topics.source(), topics.forecasts())) {
      if (required(present, topic) > to) {
        throw new IllegalArgumentException(
            "topic %s has %d partitions: partitions cannot be removed"
                .formatted(topic, required(present, topic)));
      }
    }
    Map<String, Integer> changelogs =
        present(ForecastTopology.changelogTopics(settings.applicationId()));
    int from =
        unfinished
            .map(PartitionGrowth::from)
            .orElse(changelogs.values().stream().min(Integer::compare).orElse(to));
    List<Growth> growths = growths(present, changelogs, to, partitions != null);
    List<String> names = List.copyOf(new TreeSet<>(changelogs.keySet()));
    if (from == to) {
      return new Plan(growths, from, to, names, unfinished.isPresent(), null, 0, 0);
    }
    requirePlainKeys();
    SeriesPlaces places = places(names, from, given, unfinished);
    return new Plan(
        growths,
        from,
        to,
        names,
        unfinished.isPresent(),
        places.partitioner(),
        places.placed(),
        places.misplaced());
  }

  private List<Growth> growths(
      Map<String, Integer> present, Map<String, Integer> changelogs, int to, boolean isRequested) {
    List<String> names = new ArrayList<>();
    if (isRequested) {
      names.add(topics.events());
    }
    names.addAll(List.of(topics.source(), topics.forecasts(), topics.scores()));
    if (topics.anomalies() != null) {
      names.add(topics.anomalies());
    }
    if (topics.alerts() != null) {
      names.add(topics.alerts());
    }
    List<Growth> growths = new ArrayList<>();
    names.stream()
        .distinct()
        .filter(name -> present.getOrDefault(name, to) < to)
        .forEach(name -> growths.add(new Growth(name, required(present, name), to)));
    changelogs.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .filter(changelog -> changelog.getValue() < to)
        .forEach(
            changelog -> growths.add(new Growth(changelog.getKey(), changelog.getValue(), to)));
    return growths;
  }

  /**
   * Checks that the key of an event is the name of its series, from which its partition follows.
   */
  private void requirePlainKeys() {
    var source = settings.stream().events().ofSource();
    if (source.hasSeveralValues() || !source.key().encoding().equals(KeyEncoding.STRING)) {
      throw new BrokerException(
          "the state cannot be moved, because the keys of topic "
              + topics.source()
              + " are not the names of the series: run `eddy reset`, which deletes the state and"
              + " processes the events again, then `eddy topics alter`",
          new IllegalStateException());
    }
  }

  private SeriesPlaces places(
      List<String> changelogs,
      int from,
      @Nullable KeyPartitioner given,
      Optional<PartitionGrowth> unfinished) {
    KeyPartitioner chosen = unfinished.map(PartitionGrowth::partitioner).orElse(given);
    SeriesPlaces places = new SeriesPlaces(from);
    changelogs.stream()
        .filter(changelog -> changelog.endsWith("-" + ForecastTopology.STATES + "-changelog"))
        .forEach(
            changelog ->
                reader.read(
                    changelog,
                    record -> {
                      if (record.partition() < from) {
                        places.add(record.key(), record.value() == null, record.partition());
                      }
                    }));
    return places.choose(chosen, topics.source());
  }

  /**
   * Adds partitions to the events topic, and to the keyed events. New events of a series then go to
   * its new partition, and are not processed before {@link #finish}.
   */
  public void growSource(Plan plan) {
    for (Growth growth : plan.topics()) {
      if (growth.topic().equals(topics.events()) || growth.topic().equals(topics.source())) {
        grow(growth.topic(), growth.to());
      }
    }
  }

  /**
   * Returns the number of events that were not processed and are in another partition than new
   * events of their series will be.
   */
  public long unprocessed(Plan plan) {
    if (!plan.isMoving()) {
      return 0;
    }
    PartitionGrowth growth = growth(plan, Map.of());
    Map<TopicPartition, Long> begins = processed(plan);
    Map<TopicPartition, Long> ends = new HashMap<>(reader.endOffsets(topics.source()));
    ends.keySet().retainAll(begins.keySet());
    AtomicLong count = new AtomicLong();
    reader.read(
        begins,
        ends,
        record -> {
          if (record.key() != null
              && growth.partitioner().partition(record.key(), growth.from()) == record.partition()
              && growth.moves(record.key())) {
            count.incrementAndGet();
          }
        });
    return count.get();
  }

  /** Returns the offsets of the first unprocessed events of the partitions with state. */
  private Map<TopicPartition, Long> processed(Plan plan) {
    Map<TopicPartition, Long> offsets = new HashMap<>(reader.beginningOffsets(topics.source()));
    groups
        .committed()
        .forEach(
            (partition, offset) ->
                offsets.computeIfPresent(partition, (present, begin) -> Math.max(begin, offset)));
    offsets.keySet().removeIf(partition -> partition.partition() >= plan.from());
    return offsets;
  }

  private static PartitionGrowth growth(Plan plan, Map<Integer, Long> offsets, String topic) {
    return new PartitionGrowth(
        topic, plan.from(), plan.to(), Objects.requireNonNull(plan.partitioner()), offsets, false);
  }

  private PartitionGrowth growth(Plan plan, Map<Integer, Long> offsets) {
    return growth(plan, offsets, topics.source());
  }

  /**
   * Moves the states, and adds the partitions to the other topics.
   *
   * @return the number of series that moved
   */
  public long finish(Plan plan, ApplicationReset.Progress progress) {
    groups.requireInactive();
    long moved = plan.isMoving() ? move(plan, progress) : 0;
    for (Growth growth : plan.topics()) {
      grow(growth.topic(), growth.to());
      progress.done("added partitions to topic " + growth.topic());
    }
    if (plan.isMoving()) {
      PartitionHistory history = history();
      PartitionGrowth done = history.unfinished().orElseThrow().done();
      write(history.with(done));
    }
    return moved;
  }

  private long move(Plan plan, ApplicationReset.Progress progress) {
    awaitTransactions(plan.changelogs());
    PartitionHistory history = history();
    if (history.unfinished().isEmpty()) {
      Map<Integer, Long> offsets =
          processed(plan).entrySet().stream()
              .collect(Collectors.toMap(entry -> entry.getKey().partition(), Map.Entry::getValue));
      write(history.with(growth(plan, offsets)));
    }
    plan.changelogs().forEach(changelog -> grow(changelog, plan.to()));
    commitNewPartitions(plan);
    try (StateMove move = new StateMove(settings.client(), growth(plan, Map.of()))) {
      for (String changelog : plan.changelogs()) {
        move.append(changelog, StateMove.keys(settings.applicationId(), changelog));
      }
      for (String changelog : plan.changelogs()) {
        move.delete(changelog, StateMove.keys(settings.applicationId(), changelog));
      }
      progress.done("moved the states of %,d series".formatted(move.moved()));
      return move.moved();
    }
  }

  /** Lets the new partitions be processed from their first event, whatever the settings are. */
  private void commitNewPartitions(Plan plan) {
    Map<TopicPartition, Long> committed = groups.committed();
    Map<TopicPartition, Long> begins = new HashMap<>(reader.beginningOffsets(topics.source()));
    begins
        .keySet()
        .removeIf(
            partition -> partition.partition() < plan.from() || committed.containsKey(partition));
    groups.commit(begins);
  }

  private PartitionHistory history() {
    return PartitionHistory.read(reader, topics.activations(), settings.applicationId());
  }

  private void write(PartitionHistory history) {
    history.write(settings.client(), topics.activations(), settings.applicationId());
  }

  private void grow(String topic, int partitions) {
    if (present(List.of(topic)).getOrDefault(topic, partitions) < partitions) {
      broker.await(
          broker
              .client()
              .createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
              .all(),
          "Alter");
      awaitPartitions(topic, partitions);
    }
  }

  /** Waits until the leaders of all partitions answer. */
  private void awaitPartitions(String topic, int partitions) {
    while (present(List.of(topic)).getOrDefault(topic, 0) < partitions) {
      LockSupport.parkNanos(POLL_NS);
    }
    var unused = ends(List.of(topic), IsolationLevel.READ_UNCOMMITTED);
  }

  /** Waits until the broker has ended the transactions of an instance that was killed. */
  private void awaitTransactions(List<String> changelogs) {
    long beganNs = System.nanoTime();
    while (!ends(changelogs, IsolationLevel.READ_COMMITTED)
        .equals(ends(changelogs, IsolationLevel.READ_UNCOMMITTED))) {
      if (System.nanoTime() - beganNs > TRANSACTION_TIMEOUT_NS) {
        throw new BrokerException(
            "a transaction of application %s is open for more than %d s: run the command again"
                .formatted(settings.applicationId(), TRANSACTION_TIMEOUT_NS / 1_000_000_000L),
            new IllegalStateException());
      }
      LockSupport.parkNanos(POLL_NS);
    }
  }

  private Map<TopicPartition, Long> ends(List<String> names, IsolationLevel isolation) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    present(names)
        .forEach(
            (topic, count) ->
                Stream.iterate(0, partition -> partition < count, partition -> partition + 1)
                    .forEach(
                        partition ->
                            wanted.put(new TopicPartition(topic, partition), OffsetSpec.latest())));
    Map<TopicPartition, Long> found = new HashMap<>();
    broker
        .await(
            broker.client().listOffsets(wanted, new ListOffsetsOptions(isolation)).all(),
            "Describe")
        .forEach((partition, end) -> found.put(partition, end.offset()));
    return found;
  }

  private Map<String, Integer> present(List<String> names) {
    Map<String, Integer> found = new HashMap<>();
    broker
        .topics(names)
        .forEach((topic, description) -> found.put(topic, description.partitions().size()));
    return found;
  }

  private static int required(Map<String, Integer> partitions, String topic) {
    Integer found = partitions.get(topic);
    if (found == null) {
      throw new BrokerException(
          "topic " + topic + " is missing: run `eddy topics create`", new IllegalStateException());
    }
    return found;
  }
}
