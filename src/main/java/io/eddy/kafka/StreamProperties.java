package io.eddy.kafka;

import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.rocksdb.SharedMemory;
import io.eddy.kafka.topics.RecordTimestamp;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/**
 * Properties of Kafka Streams for a forecaster: defaults, overridden by those of the deployment.
 */
public final class StreamProperties {
  private static final int SESSION_TIMEOUT_MS = 10_000;

  private StreamProperties() {}

  /**
   * Returns the properties.
   *
   * @param memory shared by the state stores, or null if a class of the user's configures RocksDB
   */
  public static Properties of(Deployment deployment, @Nullable SharedMemory memory) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    // A broker rejects a transaction's second batch while it adds the partition for the first one,
    // and the retry is slower than waiting. Larger batches compensate.
    settings.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 << 10);
    // Activations of aborted transactions must not be read, whatever the processing guarantee.
    settings.put(
        StreamsConfig.globalConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG),
        "read_committed");
    settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
    if (isClassic(deployment)) {
      // The partitions of a killed instance, or of a stream thread that failed, wait for this time.
      settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS);
    }
    // Timestamps of sensors may be in the future; a changelog that rejects them fails the thread.
    settings.put(
        StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG),
        Long.toString(Long.MAX_VALUE));
    if (memory != null) {
      settings.putAll(memory.properties());
    }
    settings.putAll(deployment.client());
    settings.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, RecordTimestamp.class);
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, deployment.applicationId());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, deployment.stateDir());
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, deployment.threads().count());
    settings.putIfAbsent(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    Properties properties = new Properties();
    properties.putAll(settings);
    return properties;
  }

  /** Returns whether clients choose the session time-out; otherwise brokers do. */
  private static boolean isClassic(Deployment deployment) {
    Object protocol = deployment.client().get(StreamsConfig.GROUP_PROTOCOL_CONFIG);
    return protocol == null || protocol.toString().equalsIgnoreCase("classic");
  }
}
