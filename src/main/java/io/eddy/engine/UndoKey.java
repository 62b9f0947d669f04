package io.eddy.engine;

import io.eddy.forecast.step.StoredState;
import io.eddy.series.store.StoreKey;

/**
 * The keys of a series' undo log.
 *
 * @param <V> type of the value
 */
public sealed interface UndoKey<V> extends StoreKey<V> {
  /** The log's head. */
  enum Head implements UndoKey<UndoHead> {
    HEAD;

    @Override
    public Class<UndoHead> valueType() {
      return UndoHead.class;
    }
  }

  /**
   * A state that the series can be reverted to.
   *
   * @param number of the base
   */
  record Base(long number) implements UndoKey<StoredState> {
    @Override
    public Class<StoredState> valueType() {
      return StoredState.class;
    }
  }

  /**
   * A closed step that may still be revised.
   *
   * @param step index on the sampling grid
   */
  record Step(long step) implements UndoKey<UndoStep> {
    @Override
    public Class<UndoStep> valueType() {
      return UndoStep.class;
    }
  }

  /**
   * The former value of a part that was overwritten after a base.
   *
   * @param base number of the base
   * @param part key of the part
   */
  record Overwritten(long base, StoreKey<?> part) implements UndoKey<UndoEntry> {
    @Override
    public Class<UndoEntry> valueType() {
      return UndoEntry.class;
    }
  }
}
