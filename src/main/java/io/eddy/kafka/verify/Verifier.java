package io.eddy.kafka.verify;

import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.event.DeadLetters;
import io.eddy.kafka.record.ActivationCodec;
import io.eddy.kafka.registry.TopicModels;
import io.eddy.kafka.topics.BrokerException;
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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Derives committed forecasts anew from events, models and activations alone, by the step function
 * that the stream calls, and holds them against what stands on the topic: each float's bits, the
 * version, the epoch, and one forecast for each event that gives one.
 *
 * <p>Reads one partition at a time; the states of its series are kept on the heap.
 */
public final class Verifier {
  private final TopicReader reader;
  private final StreamSettings stream;
  private final String applicationId;

  /**
   * An audit.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   * @param applicationId whose progress says which events were processed; where it has none, all
   *     are taken to be
   */
  public Verifier(Map<String, Object> client, StreamSettings stream, String applicationId) {
    reader = new TopicReader(client);
    this.stream = stream;
    this.applicationId = applicationId;
  }

  /**
   * Compares everything that is committed now.
   *
   * @throws BrokerException where no broker answers, or a topic is missing or not as it has to be
   */
  public VerifyReport run(VerifyScope scope) {
    // In this order: what was processed has its forecasts before their ends, and they their events.
    Map<TopicPartition, Long> processed = reader.committedOffsets(topics().source(), applicationId);
    Map<TopicPartition, Long> forecastEnds = reader.endOffsets(topics().forecasts());
    Map<TopicPartition, Long> eventEnds = reader.endOffsets(topics().source());
    if (forecastEnds.size() != eventEnds.size()) {
      throw new BrokerException(
          "%s has %d partitions and %s has %d: see `eddy topics check`"
              .formatted(
                  topics().source(), eventEnds.size(), topics().forecasts(), forecastEnds.size()),
          new IllegalStateException());
    }
    Map<TopicPartition, Long> forecastBegins = reader.beginningOffsets(topics().forecasts());
    Map<TopicPartition, Long> eventBegins = reader.beginningOffsets(topics().source());
    PartitionVerifier.Setting setting =
        new PartitionVerifier.Setting(
            stream,
            new ActivationTimeline(activations(), new TopicModels(reader, stream)),
            deadEvents());
    VerifyReport.Tally tally = new VerifyReport.Tally(scope.limit());
    for (TopicPartition events : sorted(eventEnds)) {
      TopicPartition forecasts = new TopicPartition(topics().forecasts(), events.partition());
      long end = offset(eventEnds, events);
      PartitionVerifier.Extent extent =
          new PartitionVerifier.Extent(
              events.partition(),
              offset(eventBegins, events),
              processed.isEmpty() ? end : offset(processed, events),
              end,
              offset(forecastBegins, forecasts) > 0);
      try (PartitionRecords eventRecords = reader.open(events, extent.processed());
          PartitionRecords forecastRecords =
              reader.open(forecasts, offset(forecastEnds, forecasts))) {
        new PartitionVerifier(setting, extent, scope, tally).run(eventRecords, forecastRecords);
      }
    }
    return tally.report();
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

  /** The activation, or null where the record deletes one, is none, or is another model's. */
  private @Nullable Activation activation(
      ActivationCodec codec, String key, byte @Nullable [] value) {
    if (value == null) {
      return null;
    }
    try {
      Activation activation = codec.decode(key, value);
      return activation.model().equals(stream.model()) ? activation : null;
    } catch (InvalidRecordException e) {
      // The forecaster passes over it too.
      return null;
    }
  }

  private DeadLetterIndex deadEvents() {
    boolean isCut =
        reader.beginningOffsets(topics().deadLetters()).values().stream()
            .anyMatch(begin -> begin > 0);
    DeadLetterIndex dead = new DeadLetterIndex(isCut);
    reader.read(
        topics().deadLetters(),
        record -> {
          if (topics().source().equals(text(record, "topic"))) {
            try {
              int partition = Integer.parseInt(text(record, "partition"));
              long offset = Long.parseLong(text(record, "offset"));
              Set<String> series = DeadLetters.rejectedSeries(record.headers());
              if (series.isEmpty()) {
                dead.add(partition, offset);
              } else {
                dead.add(partition, offset, series);
              }
            } catch (NumberFormatException e) {
              // Written by something else: it says nothing of our events.
            }
          }
        });
    return dead;
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(DeadLetters.PREFIX + name);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
