package io.eddy.bench.campaign;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes a committed forecast a second time: the control that the campaign must find. */
final class RepeatedForecast {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Map<String, Object> client;
  private final String topic;
  private final int partitions;

  RepeatedForecast(Map<String, Object> client, String topic, int partitions) {
    this.client = client;
    this.topic = topic;
    this.partitions = partitions;
  }

  /** Writes the first forecast that is read, and returns its place. */
  String write() throws ExecutionException, InterruptedException {
    ConsumerRecord<byte[], byte[]> forecast = first();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  topic,
                  forecast.partition(),
                  forecast.timestamp(),
                  forecast.key(),
                  forecast.value(),
                  forecast.headers()))
          .get();
    }
    return "partition %d, offset %d".formatted(forecast.partition(), forecast.offset());
  }

  private ConsumerRecord<byte[], byte[]> first() {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> all = new ArrayList<>();
      for (int partition = 0; partition < partitions; partition++) {
        all.add(new TopicPartition(topic, partition));
      }
      consumer.assign(all);
      consumer.seekToBeginning(all);
      ConsumerRecords<byte[], byte[]> records = consumer.poll(TIMEOUT);
      if (records.isEmpty()) {
        throw new IllegalStateException(
            "topic %s has no forecast after %d s".formatted(topic, TIMEOUT.toSeconds()));
      }
      return records.iterator().next();
    }
  }
}
