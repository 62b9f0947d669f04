package io.eddy.kafka.supervision;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.processor.internals.StreamsPartitionAssignor;

/**
 * The clients of Kafka Streams, whose consumers are assigned only the first partitions of the
 * source topic: as many as the state has.
 *
 * <p>Without it, Kafka Streams fails as soon as partitions are added to the source topic, because
 * their number no longer agrees with that of the changelog topics.
 */
public final class SourcePartitions implements KafkaClientSupplier {
  /** Passes this object to the assignor, which Kafka's consumer creates. */
  private static final String PROPERTY = "eddy.source.partitions";

  private final String topic;
  private final LongConsumer expired;
  private volatile int limit = Integer.MAX_VALUE;

  /**
   * Creates the clients of a forecaster.
   *
   * @param topic name of the source topic
   * @param expired receives the numbers of events that were deleted before they were read
   */
  public SourcePartitions(String topic, LongConsumer expired) {
    this.topic = topic;
    this.expired = expired;
  }

  /** Returns the name of the source topic. */
  public String topic() {
    return topic;
  }

  /** Sets the number of partitions that are read, before Kafka Streams starts. */
  public void limit(int partitions) {
    limit = partitions;
  }

  /** Returns the number of partitions that are read at most. */
  public int limit() {
    return limit;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    Object assignor = config.get(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);
    if (StreamsPartitionAssignor.class.getName().equals(String.valueOf(assignor))) {
      config.put(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, LimitedAssignor.class.getName());
      config.put(PROPERTY, this);
    }
    return new SourceConsumer(config, expired);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return consumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return consumer(config);
  }

  private static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Returns the cluster without the partitions that are not read. */
  private Cluster limited(Cluster cluster) {
    List<PartitionInfo> partitions = new ArrayList<>();
    for (String name : cluster.topics()) {
      cluster.partitionsForTopic(name).stream()
          .filter(info -> !name.equals(topic) || info.partition() < limit)
          .forEach(partitions::add);
    }
    return new Cluster(
        cluster.clusterResource().clusterId(),
        cluster.nodes(),
        partitions,
        new HashSet<>(cluster.unauthorizedTopics()),
        new HashSet<>(cluster.invalidTopics()),
        new HashSet<>(cluster.internalTopics()),
        cluster.controller());
  }

  /** The assignor of Kafka Streams, on a cluster without the partitions that are not read. */
  public static final class LimitedAssignor extends StreamsPartitionAssignor {
    private SourcePartitions partitions = new SourcePartitions("", count -> {});

    @Override
    public void configure(Map<String, ?> configs) {
      partitions = (SourcePartitions) Objects.requireNonNull(configs.get(PROPERTY));
      super.configure(configs);
    }

    @Override
    public GroupAssignment assign(Cluster metadata, GroupSubscription groupSubscription) {
      return super.assign(partitions.limited(metadata), groupSubscription);
    }
  }
}
