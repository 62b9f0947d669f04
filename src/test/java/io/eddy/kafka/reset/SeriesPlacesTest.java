package io.eddy.kafka.reset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.KeyPartitioner;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SeriesPlacesTest {
  private static final int PARTITIONS = 3;

  private final SeriesPlaces places = new SeriesPlaces(PARTITIONS);

  @ParameterizedTest
  @EnumSource
  void findsPartitionerOfProducers(KeyPartitioner partitioner) {
    add(key -> partitioner.partition(key, PARTITIONS));

    places.choose(null, "events");

    assertThat(places.partitioner()).isEqualTo(partitioner);
    assertThat(places.placed()).isEqualTo(200);
    assertThat(places.misplaced()).isZero();
  }

  @Test
  void rejectsOtherPartitioner() {
    add(key -> (key[key.length - 1] & 1) + 1);

    assertThatThrownBy(() -> places.choose(null, "events"))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("do not place series as murmur2 or crc32 does (series s")
        .hasMessageContaining("run `eddy reset`");
  }

  @Test
  void rejectsPartitionerThatDisagrees() {
    add(key -> KeyPartitioner.MURMUR2.partition(key, PARTITIONS));

    assertThatThrownBy(() -> places.choose(KeyPartitioner.CRC32, "events"))
        .hasMessageContaining("do not place series as crc32 does");
  }

  @Test
  void ignoresDeletedSeries() {
    add(key -> KeyPartitioner.MURMUR2.partition(key, PARTITIONS));
    for (int i = 0; i < 100; i++) {
      byte[] key = ("deleted" + i).getBytes(UTF_8);
      places.add(key, false, 0);
      places.add(key, true, 0);
    }

    assertThat(places.choose(null, "events").misplaced()).isZero();
  }

  private void add(ToIntFunction<byte[]> partition) {
    for (int i = 0; i < 200; i++) {
      byte[] key = ("s" + i).getBytes(UTF_8);
      places.add(key, false, partition.applyAsInt(key));
    }
  }
}
