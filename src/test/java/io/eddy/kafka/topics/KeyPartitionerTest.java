package io.eddy.kafka.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class KeyPartitionerTest {
  @Test
  void murmur2PlacesAsKafkaDoes() {
    for (int i = 0; i < 1000; i++) {
      byte[] key = ("series-" + i).getBytes(UTF_8);
      assertThat(KeyPartitioner.MURMUR2.partition(key, 7))
          .isEqualTo(BuiltInPartitioner.partitionForKey(key, 7));
    }
  }

  /** The check value of CRC-32 is 0xCBF43926. */
  @Test
  void crc32TakesRemainderOfChecksum() {
    byte[] key = "123456789".getBytes(UTF_8);

    assertThat(KeyPartitioner.CRC32.partition(key, 1000)).isEqualTo(262);
  }

  @Test
  void growthMovesOnlySeriesWithOtherPartition() {
    PartitionGrowth growth =
        new PartitionGrowth("events", 2, 4, KeyPartitioner.MURMUR2, Map.of(0, 5L), false);
    int moved = 0;
    for (int i = 0; i < 1000; i++) {
      byte[] key = ("series-" + i).getBytes(UTF_8);
      int before = KeyPartitioner.MURMUR2.partition(key, 2);
      assertThat(growth.partition(key) % 2).isEqualTo(before);
      assertThat(growth.moves(key)).isEqualTo(growth.partition(key) != before);
      moved += growth.moves(key) ? 1 : 0;
    }
    assertThat(moved).isBetween(450, 550);
    assertThat(growth.offset(0)).isEqualTo(5);
    assertThat(growth.offset(1)).isZero();
  }
}
