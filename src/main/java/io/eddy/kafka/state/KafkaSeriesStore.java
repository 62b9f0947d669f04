package io.eddy.kafka.state;

import io.eddy.admission.TimestampGuardKey;
import io.eddy.admission.TimestampGuardState;
import io.eddy.engine.ShadowFailureKey;
import io.eddy.engine.UndoEntry;
import io.eddy.engine.UndoHead;
import io.eddy.engine.UndoKey;
import io.eddy.engine.UndoStep;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.alert.ActiveAlerts;
import io.eddy.forecast.alert.AlertKey;
import io.eddy.forecast.score.PendingForecast;
import io.eddy.forecast.score.PendingForecastKey;
import io.eddy.forecast.step.RingSlot;
import io.eddy.forecast.step.RingSlotState;
import io.eddy.forecast.step.StateKey;
import io.eddy.forecast.step.StateSnapshot;
import io.eddy.forecast.step.StoredState;
import io.eddy.series.Segment;
import io.eddy.series.SegmentKey;
import io.eddy.series.store.SeriesStore;
import io.eddy.series.store.StoreKey;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** Keeps the parts of one series in state stores, encoded. */
final class KafkaSeriesStore implements SeriesStore, UndoLogCodec.ValueCodec {
  private final String series;
  private final Stores stores;

  /**
   * The stores of a series.
   *
   * @param states by series; null if the state lies among the parts
   * @param undo null if there is no undo log
   */
  record Stores(@Nullable StateStore states, ByteStore parts, @Nullable ByteStore undo) {}

  /** Encoded states by series. */
  interface StateStore {
    byte @Nullable [] get(String series);

    void put(String series, byte @Nullable [] state);
  }

  KafkaSeriesStore(String series, Stores stores) {
    this.series = series;
    this.stores = stores;
  }

  @Override
  public <V> @Nullable V get(StoreKey<V> key) {
    byte[] bytes = read(key);
    return bytes == null ? null : key.valueType().cast(decode(key, bytes));
  }

  @Override
  public <V> void put(StoreKey<V> key, V value) {
    write(key, encode(key, value));
  }

  @Override
  public void delete(StoreKey<?> key) {
    write(key, null);
  }

  private byte @Nullable [] read(StoreKey<?> key) {
    if (key instanceof UndoKey<?> undo) {
      return undoStore().get(StoreKeys.undo(series, undo));
    }
    return key == StateKey.STATE && stores.states() != null
        ? stores.states().get(series)
        : stores.parts().get(part(key));
  }

  private void write(StoreKey<?> key, byte @Nullable [] value) {
    if (key instanceof UndoKey<?> undo) {
      undoStore().put(StoreKeys.undo(series, undo), value);
    } else if (key == StateKey.STATE && stores.states() != null) {
      stores.states().put(series, value);
    } else {
      stores.parts().put(part(key), value);
    }
  }

  private Bytes part(StoreKey<?> key) {
    return StoreKeys.part(series, key);
  }

  private ByteStore undoStore() {
    if (stores.undo() == null) {
      throw new IllegalStateException("series " + series + " has no undo store");
    }
    return stores.undo();
  }

  @Override
  public byte[] encode(StoreKey<?> key, Object value) {
    if (value instanceof StoredState state) {
      return encode(state);
    }
    if (value instanceof Segment segment) {
      return SegmentCodec.encode(segment);
    }
    if (value instanceof RingSlotState slot) {
      return RingSlotCodec.encode(slot);
    }
    if (value instanceof PendingForecast pending) {
      return PendingForecastCodec.encode(pending);
    }
    if (value instanceof ActiveAlerts alerts) {
      return ActiveAlertsCodec.encode(alerts);
    }
    if (value instanceof TimestampGuardState guard) {
      return TimestampGuardCodec.encode(guard);
    }
    if (value instanceof Forecast.Served failed) {
      return ShadowFailureCodec.encode(failed);
    }
    if (value instanceof UndoHead head) {
      return UndoLogCodec.encode(head);
    }
    if (value instanceof UndoStep step) {
      return UndoLogCodec.encode(step);
    }
    if (value instanceof UndoEntry entry && key instanceof UndoKey.Overwritten overwritten) {
      return UndoLogCodec.encode(entry, overwritten.part(), this);
    }
    throw new IllegalArgumentException("no encoding for store key " + key);
  }

  private static byte[] encode(StoredState state) {
    return state instanceof EncodedState encoded
        ? encoded.value()
        : StateCodec.encode(((StateSnapshot) state).state(), state.lastEventMs());
  }

  @Override
  public Object decode(StoreKey<?> key, byte[] value) {
    if (key instanceof StateKey || key instanceof UndoKey.Base) {
      return new EncodedState(value);
    }
    if (key instanceof SegmentKey) {
      return SegmentCodec.decode(value);
    }
    if (key instanceof RingSlot) {
      return RingSlotCodec.decode(value);
    }
    if (key instanceof PendingForecastKey) {
      return PendingForecastCodec.decode(series, value);
    }
    if (key instanceof AlertKey) {
      return ActiveAlertsCodec.decode(value);
    }
    if (key instanceof TimestampGuardKey) {
      return TimestampGuardCodec.decode(value);
    }
    if (key instanceof ShadowFailureKey) {
      return ShadowFailureCodec.decode(value);
    }
    if (key instanceof UndoKey.Head) {
      return UndoLogCodec.decodeHead(value);
    }
    if (key instanceof UndoKey.Step) {
      return UndoLogCodec.decodeStep(value);
    }
    if (key instanceof UndoKey.Overwritten overwritten) {
      return UndoLogCodec.decodeEntry(value, overwritten.part(), this);
    }
    throw new IllegalArgumentException("no decoding for store key " + key);
  }
}
