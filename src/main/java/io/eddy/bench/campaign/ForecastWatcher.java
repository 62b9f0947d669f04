package io.eddy.bench.campaign;

import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the committed forecasts while they are written, and records them in the ledger. */
final class ForecastWatcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ForecastWatcher.class);
  private static final Duration POLL = Duration.ofMillis(100);

  private final List<TopicPartition> partitions;
  private final Ledger ledger;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final ForecastCodec codec = new ForecastCodec();
  private final Thread thread = new Thread(this::run, "campaign-forecasts");
  private volatile boolean isClosed;
  private volatile boolean isAtEnd;

  ForecastWatcher(Map<String, Object> client, String topic, int partitionCount, Ledger ledger) {
    this.ledger = ledger;
    partitions =
        IntStream.range(0, partitionCount).mapToObj(i -> new TopicPartition(topic, i)).toList();
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("isolation.level", "read_committed");
    settings.put("enable.auto.commit", false);
    settings.put("auto.offset.reset", "earliest");
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(partitions);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Returns whether all forecasts on the topic have been read. */
  boolean isAtEnd() {
    return isAtEnd;
  }

  private void run() {
    try (consumer) {
      while (!isClosed) {
        try {
          int count = 0;
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            record(record);
            count++;
          }
          isAtEnd = count == 0 && isPastEnd();
        } catch (KafkaException e) {
          isAtEnd = false;
          log.warn("cannot read the forecasts, trying again: {}", e.toString());
        }
      }
    }
  }

  private boolean isPastEnd() {
    return consumer.endOffsets(partitions).entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private void record(ConsumerRecord<byte[], byte[]> record) {
    String series = new String(record.key(), StandardCharsets.UTF_8);
    PublishedForecast published = codec.decode(series, record.value());
    SourcePosition source = published.source();
    ledger.forecast(
        source.partition(),
        source.offset(),
        published.forecast().origin().timestampMs(),
        System.nanoTime());
  }

  @Override
  public void close() throws InterruptedException {
    isClosed = true;
    thread.join();
  }
}
