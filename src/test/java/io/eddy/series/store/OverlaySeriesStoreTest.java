package io.eddy.series.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OverlaySeriesStoreTest {
  private final SeriesStore base = new InMemorySeriesStore();
  private final OverlaySeriesStore overlay = new OverlaySeriesStore(base);

  private record Name(int number) implements StoreKey<String> {
    @Override
    public Class<String> valueType() {
      return String.class;
    }
  }

  @Test
  void readsThroughToBase() {
    base.put(new Name(1), "base");

    assertThat(overlay.get(new Name(1))).isEqualTo("base");
    assertThat(overlay.get(new Name(2))).isNull();
  }

  @Test
  void changesHideBaseUntilCommit() {
    base.put(new Name(1), "base");
    base.put(new Name(2), "base");

    overlay.put(new Name(1), "changed");
    overlay.delete(new Name(2));

    assertThat(overlay.get(new Name(1))).isEqualTo("changed");
    assertThat(overlay.get(new Name(2))).isNull();
    assertThat(base.get(new Name(1))).isEqualTo("base");
    assertThat(base.get(new Name(2))).isEqualTo("base");
  }

  @Test
  void commitWritesChangesToBase() {
    base.put(new Name(2), "base");
    overlay.put(new Name(1), "changed");
    overlay.delete(new Name(2));

    overlay.commit();

    assertThat(base.get(new Name(1))).isEqualTo("changed");
    assertThat(base.get(new Name(2))).isNull();
  }

  @Test
  void discardedDeletionsAreNotCommitted() {
    base.put(new Name(1), "base");
    overlay.delete(new Name(1));

    overlay.discardDeletions();
    overlay.commit();

    assertThat(base.get(new Name(1))).isEqualTo("base");
  }
}
