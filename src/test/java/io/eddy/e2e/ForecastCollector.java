package io.eddy.e2e;

import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Collects all forecasts that were sent, including uncommitted and aborted ones. */
final class ForecastCollector implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final ForecastCodec codec = new ForecastCodec();
  private final Map<Integer, BitSet> answered = new HashMap<>();
  private final Map<String, Long> lastEpochs = new HashMap<>();
  private final List<PublishedForecast> latest = new ArrayList<>();
  private int seen;

  ForecastCollector(Map<String, Object> client, String topic, int partitions) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> all = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      all.add(new TopicPartition(topic, partition));
    }
    consumer.assign(all);
    consumer.seekToBeginning(all);
  }

  /** Reads the forecasts sent since the last call. */
  void poll() {
    latest.clear();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      String series = new String(record.key(), StandardCharsets.UTF_8);
      PublishedForecast published = codec.decode(series, record.value());
      seen++;
      answered
          .computeIfAbsent(published.source().partition(), partition -> new BitSet())
          .set((int) published.source().offset());
      lastEpochs.put(series, published.forecast().origin().served().epoch());
      latest.add(published);
    }
  }

  /** Returns whether any forecast of the last poll matches. */
  boolean hasNew(Predicate<PublishedForecast> predicate) {
    return latest.stream().anyMatch(predicate);
  }

  /** Returns the number of forecasts, including repeated ones. */
  int seen() {
    return seen;
  }

  /** Returns the number of events with a forecast. */
  int answered() {
    return answered.values().stream().mapToInt(BitSet::cardinality).sum();
  }

  /** Returns the number of series whose last forecast has at least this epoch. */
  long migratedTo(long epoch) {
    return lastEpochs.values().stream().filter(last -> last >= epoch).count();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
