package io.eddy.demo;

import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads committed forecasts from the beginning of the topic, on a thread of its own. */
final class ForecastListener implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final ForecastCodec codec = new ForecastCodec();
  private final Consumer<PublishedForecast> sink;
  private final Thread thread = new Thread(this::run, "forecast-listener");

  ForecastListener(Map<String, Object> client, String topic, Consumer<PublishedForecast> sink) {
    this.sink = sink;
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try (consumer) {
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          sink.accept(
              codec.decode(new String(record.key(), StandardCharsets.UTF_8), record.value()));
        }
      }
    } catch (WakeupException e) {
      // close() was called.
    }
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
