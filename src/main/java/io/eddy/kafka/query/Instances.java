package io.eddy.kafka.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.state.HostInfo;

/**
 * The instances of the application that can be queried, as their assignment announced them. An
 * instance without an HTTP server is not among them.
 */
public final class Instances {
  private final KafkaStreams streams;
  private final String sourceTopic;
  private final HostInfo self;

  /**
   * An instance.
   *
   * @param partitions that it serves
   */
  public record Instance(HostInfo host, SortedSet<Integer> partitions) {
    /** Returns the address as {@code host:port}, an IPv6 address in brackets. */
    public String address() {
      String name = host.host();
      return (name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name)
          + ":"
          + host.port();
    }
  }

  /**
   * Creates a view.
   *
   * @param sourceTopic topic that forecasts are computed from
   * @param self address of this instance
   */
  public Instances(KafkaStreams streams, String sourceTopic, HostInfo self) {
    this.streams = streams;
    this.sourceTopic = sourceTopic;
    this.self = self;
  }

  /**
   * Returns the other instances, in the order of their addresses.
   *
   * @throws StateUnavailableException before the forecaster runs and while it stops
   */
  public List<Instance> others() {
    List<Instance> others = new ArrayList<>();
    try {
      for (StreamsMetadata metadata : streams.metadataForAllStreamsClients()) {
        HostInfo host = metadata.hostInfo();
        if (!host.equals(HostInfo.unavailable()) && !host.equals(self)) {
          others.add(new Instance(host, partitions(metadata)));
        }
      }
    } catch (StreamsException | IllegalStateException e) {
      throw new StateUnavailableException("the forecaster is not running", e);
    }
    others.sort(Comparator.comparing(Instance::address));
    return others;
  }

  private SortedSet<Integer> partitions(StreamsMetadata metadata) {
    SortedSet<Integer> partitions = new TreeSet<>();
    for (TopicPartition partition : metadata.topicPartitions()) {
      if (partition.topic().equals(sourceTopic)) {
        partitions.add(partition.partition());
      }
    }
    return partitions;
  }

  /** Returns this instance, without its partitions. */
  public Instance self() {
    return new Instance(self, new TreeSet<>());
  }
}
