package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VersionCacheTest {
  private static final List<ModelVersion> VERSIONS =
      IntStream.range(0, 4).mapToObj(i -> ModelVersion.of(new byte[] {(byte) i})).toList();

  @Test
  void evictsLeastRecentlyUsed() {
    VersionCache<String> recent = new VersionCache<>(2);
    recent.put(VERSIONS.get(0), "a");
    recent.put(VERSIONS.get(1), "b");
    recent.get(VERSIONS.get(0));

    recent.put(VERSIONS.get(2), "c");

    assertThat(VERSIONS.stream().map(recent::get)).containsExactly("a", null, "c", null);
  }

  @Test
  void replacingAnEntryEvictsNothing() {
    VersionCache<String> recent = new VersionCache<>(2);
    recent.put(VERSIONS.get(0), "a");
    recent.put(VERSIONS.get(1), "b");

    recent.put(VERSIONS.get(1), "c");

    assertThat(VERSIONS.stream().map(recent::get)).containsExactly("a", "c", null, null);
  }
}
