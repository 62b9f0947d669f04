package io.eddy.kafka.verify;

import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.event.DeadLetters;
import io.eddy.kafka.record.ActivationCodec;
import io.eddy.kafka.registry.TopicModelLookup;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.PartitionGrowth;
import io.eddy.kafka.topics.PartitionHistory;
import io.eddy.kafka.topics.PartitionRecords;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.rollout.Activation;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Verifies committed forecasts. Replays the events with the models and activations of their topics
 * and compares the bits of every value, the version, the epoch and the number of forecasts per
 * event with the forecasts topic.
 *
 * <p>Reads one partition at a time and keeps the states of its series on the heap.
 */
public final class Verifier {
  /** Progress is shown once for each 256 events. */
  private static final int PROGRESS_MASK = 255;

  private static final HistorySearch.Start BEGINNING = new HistorySearch.Start(-1, -1);

  private final TopicReader reader;
  private final StreamSettings stream;
  private final String applicationId;

  /**
   * Creates a verifier.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   * @param applicationId the application whose committed offsets limit the events to verify; if it
   *     has none, all events count as processed
   */
  public Verifier(Map<String, Object> client, StreamSettings stream, String applicationId) {
    reader = new TopicReader(client);
    this.stream = stream;
    this.applicationId = applicationId;
  }

  /**
   * Verifies everything committed at the time of the call.
   *
   * @throws BrokerException if no broker answers, a topic is missing, or the events and forecasts
   *     topics differ in their number of partitions
   */
  public VerifyReport run(VerifyScope scope) {
    return run(scope, (partition, series, parts, isExact) -> {});
  }

  /** Receives how many of the events have been read. */
  @FunctionalInterface
  public interface Progress {
    void show(long read, long total);
  }

  /**
   * Verifies everything committed at the time of the call.
   *
   * @param states receives the series as they are after the last event that was processed
   * @throws BrokerException as {@link #run(VerifyScope)} does
   */
  public VerifyReport run(VerifyScope scope, FinalStates states) {
    return run(scope, states, (read, total) -> {});
  }

  /**
   * Verifies everything committed at the time of the call. If the scope has a begin, reads only the
   * events that the states at that time depend on, where {@link HistorySearch} finds them.
   *
   * @param states receives the series as they are after the last event that was processed
   * @param progress receives the progress
   * @throws BrokerException as {@link #run(VerifyScope)} does
   */
  public VerifyReport run(VerifyScope scope, FinalStates states, Progress progress) {
    // The order matters: every processed event has its forecasts before the forecast ends, and
    // every such forecast has its event before the event ends.
    Map<TopicPartition, Long> processed = reader.committedOffsets(topics().source(), applicationId);
    Map<TopicPartition, Long> forecastEnds = reader.endOffsets(topics().forecasts());
    Map<TopicPartition, Long> anomalyEnds = anomalyEnds();
    Map<TopicPartition, Long> alertEnds = alertOffsets(reader::endOffsets);
    Map<TopicPartition, Long> eventEnds = reader.endOffsets(topics().source());
    if (forecastEnds.size() != eventEnds.size()) {
      throw new BrokerException(
          "%s has %d partitions but %s has %d; run `eddy topics check`"
              .formatted(
                  topics().source(), eventEnds.size(), topics().forecasts(), forecastEnds.size()),
          new IllegalStateException());
    }
    Map<TopicPartition, Long> forecastBegins = reader.beginningOffsets(topics().forecasts());
    Map<TopicPartition, Long> alertBegins = alertOffsets(reader::beginningOffsets);
    Map<TopicPartition, Long> eventBegins = reader.beginningOffsets(topics().source());
    PartitionVerifier.Context context =
        new PartitionVerifier.Context(
            stream,
            new ActivationTimeline(activations(), new TopicModelLookup(reader, stream)),
            deadLetters());
    List<PartitionGrowth> growths = growths();
    boolean isComplete = eventBegins.values().stream().allMatch(begin -> begin == 0);
    List<Partition> partitions = new ArrayList<>();
    for (TopicPartition events : sorted(eventEnds)) {
      TopicPartition forecasts = new TopicPartition(topics().forecasts(), events.partition());
      long begin = offset(eventBegins, events);
      long end = offset(eventEnds, events);
      PartitionVerifier.Offsets offsets =
          new PartitionVerifier.Offsets(
              events.partition(),
              begin,
              processed.isEmpty() ? end : offset(processed, events),
              end,
              offset(forecastBegins, forecasts) > 0,
              PartitionVerifier.Start.of(growths.isEmpty() ? begin == 0 : isComplete));
      partitions.add(
          new Partition(
              events,
              forecasts,
              offset(forecastBegins, forecasts),
              offset(forecastEnds, forecasts),
              offsets,
              new Findings(
                  anomalies(events.partition(), anomalyEnds),
                  alerts(events.partition(), alertBegins, alertEnds))));
    }
    return new Run(context, scope, states, progress, partitions).run(growths);
  }

  /** Returns the ends of the anomalies; empty if they are off. */
  private Map<TopicPartition, Long> anomalyEnds() {
    String topic = topics().anomalies();
    return topic == null ? Map.of() : reader.endOffsets(topic);
  }

  private @Nullable Anomalies anomalies(int partition, Map<TopicPartition, Long> ends) {
    String topic = topics().anomalies();
    if (topic == null) {
      return null;
    }
    TopicPartition anomalies = new TopicPartition(topic, partition);
    boolean isTruncated = offset(reader.beginningOffsets(topic), anomalies) > 0;
    return new Anomalies(anomalies, offset(ends, anomalies), isTruncated);
  }

  /** The anomalies of a partition, up to an offset. */
  private record Anomalies(TopicPartition topic, long end, boolean isTruncated) {}

  /** Opens the anomalies of a partition; without any, returns no records. */
  private AnomalyRecords open(@Nullable Anomalies anomalies, List<PartitionRecords> opened) {
    if (anomalies == null) {
      return AnomalyRecords.none();
    }
    PartitionRecords records = reader.open(anomalies.topic(), anomalies.end());
    opened.add(records);
    return new AnomalyRecords(records, anomalies.isTruncated());
  }

  private Map<TopicPartition, Long> alertOffsets(
      Function<String, Map<TopicPartition, Long>> offsets) {
    String topic = topics().alerts();
    return topic == null ? Map.of() : offsets.apply(topic);
  }

  private @Nullable Alerts alerts(
      int partition, Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
    String topic = topics().alerts();
    if (topic == null) {
      return null;
    }
    TopicPartition alerts = new TopicPartition(topic, partition);
    return new Alerts(alerts, offset(begins, alerts) > 0, offset(ends, alerts));
  }

  /** The alerts of a partition. */
  private record Alerts(TopicPartition partition, boolean isTruncated, long end) {}

  /** The anomalies and alerts of a partition, if they are on. */
  private record Findings(@Nullable Anomalies anomalies, @Nullable Alerts alerts) {
    /** Returns whether both are off: their states are not known after a change of version. */
    boolean isOff() {
      return anomalies == null && alerts == null;
    }
  }

  /** A partition to verify. */
  private record Partition(
      TopicPartition events,
      TopicPartition forecasts,
      long forecastBegin,
      long forecastEnd,
      PartitionVerifier.Offsets offsets,
      Findings findings) {
    long size() {
      return Math.max(0, offsets.processed() - offsets.begin());
    }
  }

  /** One verification. */
  private final class Run {
    private final PartitionVerifier.Context context;
    private final VerifyScope scope;
    private final FinalStates states;
    private final Progress progress;
    private final List<Partition> partitions;
    private final VerifyReport.Builder report;
    private final long total;

    /** The number of events of the partitions that are finished. */
    private long finished;

    Run(
        PartitionVerifier.Context context,
        VerifyScope scope,
        FinalStates states,
        Progress progress,
        List<Partition> partitions) {
      this.context = context;
      this.scope = scope;
      this.states = states;
      this.progress = progress;
      this.partitions = partitions;
      report = new VerifyReport.Builder(scope.limit());
      total = partitions.stream().mapToLong(Partition::size).sum();
    }

    VerifyReport run(List<PartitionGrowth> growths) {
      if (growths.isEmpty()) {
        partitions.forEach(this::verify);
      } else if (!isVerifiedLater(growths)) {
        verify(growths);
      }
      return report.build();
    }

    /** Verifies a partition, from a later event on if that gives the same result. */
    private void verify(Partition partition) {
      if (!isVerifiedLater(partition, 0, report)) {
        verify(partition, BEGINNING, partition.offsets(), report);
      }
      finished += partition.size();
    }

    /** Verifies all partitions after the last move of series, if that gives the same result. */
    private boolean isVerifiedLater(List<PartitionGrowth> growths) {
      VerifyReport.Builder attempt = report.empty();
      for (Partition partition : partitions) {
        int number = partition.offsets().partition();
        long moved = growths.stream().mapToLong(growth -> growth.offset(number)).max().orElse(0);
        if (!isVerifiedLater(partition, moved, attempt)) {
          finished = 0;
          return false;
        }
        finished += partition.size();
      }
      report.addAll(attempt);
      return true;
    }

    /**
     * Verifies a partition from a later event on.
     *
     * @param earliest offset of the first event to begin at
     * @param result receives the result
     * @return false if a replay of all events may give another result
     */
    private boolean isVerifiedLater(
        Partition partition, long earliest, VerifyReport.Builder result) {
      if (scope.fromMs() == Long.MIN_VALUE || !partition.findings().isOff()) {
        return false;
      }
      HistorySearch search =
          new HistorySearch(
              reader,
              stream,
              partition.forecasts(),
              partition.forecastBegin(),
              partition.forecastEnd());
      for (HistorySearch.Start start : search.starts(scope.fromMs())) {
        PartitionVerifier.Offsets offsets = partition.offsets();
        if (start.event() < Math.max(earliest, offsets.begin())) {
          return false;
        }
        VerifyReport.Builder attempt = report.empty();
        if (verify(partition, start, offsets.from(start.event()), attempt)) {
          result.addAll(attempt);
          return true;
        }
        if (attempt.hasFaults()) {
          // Only a replay of all events tells that a forecast is wrong.
          return false;
        }
      }
      return false;
    }

    /** Returns whether the replay is conclusive. */
    private boolean verify(
        Partition partition,
        HistorySearch.Start start,
        PartitionVerifier.Offsets offsets,
        VerifyReport.Builder builder) {
      List<PartitionRecords> opened = new ArrayList<>();
      try {
        PartitionVerifier.Replay replay =
            begin(
                partition,
                start,
                new PartitionVerifier(context, offsets, scope, builder),
                opened,
                offset -> show(partition, offset));
        replay.runTo(Long.MAX_VALUE);
        replay.finish();
        replay.passOn(states);
        builder.addRead(
            new VerifyReport.Read(
                offsets.partition(),
                partition.offsets().begin(),
                offsets.begin(),
                offsets.processed(),
                replay.begun()));
        return replay.isConclusive();
      } finally {
        opened.forEach(PartitionRecords::close);
      }
    }

    /**
     * Begins the replay of a partition.
     *
     * @param opened receives what must be closed
     */
    private PartitionVerifier.Replay begin(
        Partition partition,
        HistorySearch.Start start,
        PartitionVerifier verifier,
        List<PartitionRecords> opened,
        LongConsumer shown) {
      PartitionRecords events =
          reader.open(partition.events(), start.event(), partition.offsets().processed());
      opened.add(events);
      PartitionRecords forecasts =
          reader.open(partition.forecasts(), start.forecast(), partition.forecastEnd());
      opened.add(forecasts);
      Alerts alerts = partition.findings().alerts();
      if (alerts != null) {
        PartitionRecords records = reader.open(alerts.partition(), alerts.end());
        opened.add(records);
        verifier.verifyAlerts(records, alerts.isTruncated());
      }
      AnomalyRecords anomalies = open(partition.findings().anomalies(), opened);
      return verifier.begin(events, forecasts, anomalies, shown);
    }

    private void show(Partition partition, long offset) {
      if ((offset & PROGRESS_MASK) == 0) {
        progress.show(finished + offset - partition.offsets().begin(), total);
      }
    }

    private void show() {
      if ((++finished & PROGRESS_MASK) == 0) {
        progress.show(finished, total);
      }
    }

    /** Verifies all partitions side by side, because their series moved from one to another. */
    private void verify(List<PartitionGrowth> growths) {
      List<PartitionRecords> opened = new ArrayList<>();
      try {
        List<PartitionVerifier.Replay> replays = new ArrayList<>();
        for (Partition partition : partitions) {
          PartitionVerifier.Offsets offsets = partition.offsets();
          replays.add(
              begin(
                  partition,
                  BEGINNING,
                  new PartitionVerifier(context, offsets, scope, report),
                  opened,
                  offset -> show()));
          report.addRead(
              new VerifyReport.Read(
                  offsets.partition(), offsets.begin(), offsets.begin(), offsets.processed(), 0));
        }
        for (PartitionGrowth growth : growths) {
          List<PartitionVerifier.Replay> before = replays.subList(0, growth.from());
          for (int partition = 0; partition < growth.from(); partition++) {
            before.get(partition).runTo(growth.offset(partition));
          }
          before.forEach(replay -> replay.move(growth, replays));
          replays.forEach(PartitionVerifier.Replay::recount);
        }
        replays.forEach(replay -> replay.runTo(Long.MAX_VALUE));
        replays.forEach(PartitionVerifier.Replay::finish);
        replays.forEach(replay -> replay.passOn(states));
      } finally {
        opened.forEach(PartitionRecords::close);
      }
    }
  }

  /**
   * Returns the changes of the number of partitions since the source topic was created.
   *
   * @throws BrokerException if one is not finished
   */
  private List<PartitionGrowth> growths() {
    PartitionHistory history = PartitionHistory.read(reader, topics().activations(), applicationId);
    if (history.unfinished().isPresent()) {
      throw new BrokerException(
          "a change of the number of partitions is not finished: run `eddy topics alter`",
          new IllegalStateException());
    }
    return history.changes().stream()
        .filter(growth -> growth.topic().equals(topics().source()))
        .toList();
  }

  private TopicNames topics() {
    return stream.topics();
  }

  private static List<TopicPartition> sorted(Map<TopicPartition, Long> partitions) {
    return partitions.keySet().stream()
        .sorted(Comparator.comparingInt(TopicPartition::partition))
        .toList();
  }

  private static long offset(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    return offsets.getOrDefault(partition, 0L);
  }

  private List<ActivationTimeline.Entry> activations() {
    ActivationCodec codec = new ActivationCodec();
    List<ActivationTimeline.Entry> entries = new ArrayList<>();
    reader.read(
        topics().activations(),
        record -> {
          if (record.key() != null) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            entries.add(new ActivationTimeline.Entry(key, activation(codec, key, record.value())));
          }
        });
    return entries;
  }

  /** Returns the activation; null if the record is a tombstone, invalid or another model's. */
  private @Nullable Activation activation(
      ActivationCodec codec, String key, byte @Nullable [] value) {
    if (value == null) {
      return null;
    }
    try {
      Activation activation = codec.decode(key, value);
      return activation.model().equals(stream.model()) ? activation : null;
    } catch (InvalidRecordException e) {
      // The forecaster skips it too.
      return null;
    }
  }

  private DeadLetterIndex deadLetters() {
    boolean isTruncated =
        reader.beginningOffsets(topics().deadLetters()).values().stream()
            .anyMatch(begin -> begin > 0);
    DeadLetterIndex index = new DeadLetterIndex(isTruncated);
    reader.read(
        topics().deadLetters(),
        record -> {
          if (topics().source().equals(header(record, "topic"))) {
            try {
              int partition = Integer.parseInt(header(record, "partition"));
              long offset = Long.parseLong(header(record, "offset"));
              Set<String> series = DeadLetters.rejectedSeries(record.headers());
              if (series.isEmpty()) {
                index.add(partition, offset);
              } else {
                index.add(partition, offset, series);
              }
            } catch (NumberFormatException e) {
              // Another application's dead letter.
            }
          }
        });
    return index;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(DeadLetters.PREFIX + name);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
