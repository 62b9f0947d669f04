package io.eddy.kafka.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.ActiveSeriesCounter;
import io.eddy.admission.TimestampGuardKey;
import io.eddy.admission.TimestampGuardState;
import io.eddy.engine.PartitionStore;
import io.eddy.engine.UndoKey;
import io.eddy.engine.UndoStep;
import io.eddy.forecast.step.RingSlot;
import io.eddy.forecast.step.RingSlotState;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StateKey;
import io.eddy.forecast.step.StateSnapshot;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.series.Duplicates;
import io.eddy.series.Observation;
import io.eddy.series.OpenStep;
import io.eddy.series.Segment;
import io.eddy.series.SegmentKey;
import io.eddy.series.store.SeriesStore;
import java.nio.FloatBuffer;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class KafkaPartitionStoreTest {
  private static final SeriesState STATE =
      SeriesState.inMemory(Models.model(CellKind.GRU, 2, 12, 1));

  private static final RingSlot SLOT = new RingSlot(0, 0, 0);

  private final TaskStores stores = new TaskStores();
  private final KafkaPartitionStore partition = stores.partition();

  @Test
  void keepsEveryPartUnderItsKey() {
    SeriesStore store = partition.series("a");
    TimestampGuardState guard = new TimestampGuardState(1, 2, 3, 4);
    store.put(TimestampGuardKey.TIMESTAMP_GUARD, guard);
    store.put(SLOT, new RingSlotState(5, FloatBuffer.wrap(new float[] {1, 2})));

    assertThat(partition.series("a").get(TimestampGuardKey.TIMESTAMP_GUARD)).isEqualTo(guard);
    assertThat(partition.series("a").get(SLOT)).extracting(RingSlotState::step).isEqualTo(5L);
    assertThat(partition.series("b").get(SLOT)).isNull();
    assertThat(partition.shadow("a").get(SLOT)).isNull();

    store.delete(SLOT);
    assertThat(partition.series("a").get(SLOT)).isNull();
  }

  @Test
  void deletesOnlyTheSeries() {
    fill(partition.series("a"));
    fill(partition.series("a\0"));
    fill(partition.series("ab"));

    partition.delete("a");

    assertThat(partition.series("a").get(StateKey.STATE)).isNull();
    assertThat(partition.series("a").get(new SegmentKey(3))).isNull();
    assertThat(partition.series("a").get(new UndoKey.Step(7))).isNull();
    for (String other : new String[] {"a\0", "ab"}) {
      assertThat(partition.series(other).get(StateKey.STATE)).isNotNull();
      assertThat(partition.series(other).get(new SegmentKey(3))).isNotNull();
      assertThat(partition.series(other).get(new UndoKey.Step(7))).isNotNull();
    }
  }

  private static void fill(SeriesStore store) {
    OpenStep step = new OpenStep(7);
    step.add(new Observation("", 7, 1), Duplicates.FIRST);
    store.put(StateKey.STATE, StateSnapshot.of(STATE, SeriesState.NO_TIME));
    store.put(new SegmentKey(3), new Segment());
    store.put(new UndoKey.Step(7), new UndoStep(UndoStep.NONE, 0, step));
  }

  @Test
  void readsStatesInPages() {
    for (String series : new String[] {"a", "b", "c"}) {
      fill(partition.series(series));
    }

    PartitionStore.Page first = partition.states(null, 2);
    PartitionStore.Page second = partition.states(first.next(), 2);

    assertThat(first.entries()).extracting(PartitionStore.Entry::series).containsExactly("a", "b");
    assertThat(second.entries()).extracting(PartitionStore.Entry::series).containsExactly("c");
    assertThat(second.next()).isNull();
  }

  @Test
  void sweepDeletesShadowsThatEnded() {
    assertThat(partition.mayHaveShadows()).isFalse();
    partition.shadow("a").put(new SegmentKey(0), new Segment());
    partition.shadow("b").put(new SegmentKey(0), new Segment());

    assertThat(partition.sweepShadows("a"::equals)).isTrue();

    assertThat(partition.shadow("a").get(new SegmentKey(0))).isNotNull();
    assertThat(partition.shadow("b").get(new SegmentKey(0))).isNull();
    assertThat(partition.mayHaveShadows()).isTrue();
    assertThat(partition.sweepShadows(series -> false)).isTrue();
    assertThat(partition.mayHaveShadows()).isFalse();
  }

  @Test
  void restoresCounterOfActiveSeries() {
    ActiveSeriesCounter counter = new ActiveSeriesCounter(5, 6400);
    counter.countEvent("a", 0, ActiveSeriesCounter.NEW);
    partition.save(counter);

    ActiveSeriesCounter restored = new ActiveSeriesCounter(5, 6400);

    assertThat(stores.partition().restore(restored)).isTrue();
    assertThat(restored.total()).isEqualTo(1);
    assertThat(partition.restore(new ActiveSeriesCounter(5, 64_000))).isFalse();
    partition.deleteCounter();
    assertThat(partition.restore(restored)).isFalse();
  }

  @Test
  void exceptionsOfKafkaAreStoreFailures() {
    assertThat(partition.isStoreFailure(new KafkaException("failed"))).isTrue();
    assertThat(partition.isStoreFailure(new IllegalStateException("failed"))).isFalse();
  }
}
