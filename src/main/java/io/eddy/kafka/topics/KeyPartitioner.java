package io.eddy.kafka.topics;

import java.util.zip.CRC32;
import org.apache.kafka.common.utils.Utils;

/** Chooses the partition of a record from the bytes of its key, as producers do. */
public enum KeyPartitioner {
  /** Kafka's own producers, and those of librdkafka with {@code partitioner=murmur2_random}. */
  MURMUR2 {
    @Override
    public int partition(byte[] key, int partitions) {
      return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
  },
  /** Producers of librdkafka, such as those of Python, Go and .NET, by default. */
  CRC32 {
    @Override
    public int partition(byte[] key, int partitions) {
      CRC32 sum = new CRC32();
      sum.update(key);
      return (int) (sum.getValue() % partitions);
    }
  };

  /** Returns the partition of a key that is not empty. */
  public abstract int partition(byte[] key, int partitions);
}
