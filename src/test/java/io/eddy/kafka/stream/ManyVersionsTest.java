package io.eddy.kafka.stream;

import static io.eddy.kafka.stream.TopologyFixture.by;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.registry.ModelLoader;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.rollout.ModelLimits;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A models topic with many unused versions. */
final class ManyVersionsTest {
  private static final int VERSIONS = 100;
  private static final long MEBIBYTE = 1 << 20;

  @TempDir Path folder;

  @Test
  void unusedVersionsAreNotLoaded() {
    ModelCatalog catalog = new ModelCatalog(new ModelLoader(ModelLimits.NONE, List.of()));
    byte[] file = Models.file(Models.specification(CellKind.LSTM, 256, 24), 1);
    assertThat((long) file.length * VERSIONS).isGreaterThan(100 * MEBIBYTE);
    try (TopologyFixture stream = new TopologyFixture(folder, catalog)) {
      long before = heap();
      for (int i = 0; i < VERSIONS; i++) {
        stream.publish(variant(file, i));
      }
      stream.activate(1, variant(file, 7));

      assertThat(stream.served("a", 0)).isEqualTo(by(variant(file, 7), 1));

      assertThat(catalog.getLoaded()).isEqualTo(1);
      await().untilAsserted(() -> assertThat(heap() - before).isLessThan(20 * MEBIBYTE));
    }
  }

  private static byte[] variant(byte[] file, int number) {
    byte[] bytes = file.clone();
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(bytes.length - Float.BYTES, number / 1000f);
    return bytes;
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
