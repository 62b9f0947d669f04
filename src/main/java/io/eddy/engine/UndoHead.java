package io.eddy.engine;

import io.eddy.series.store.StoreKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a series' undo log.
 *
 * @param count steps of the series so far
 * @param lastStep the last closed step
 * @param bases the oldest first
 */
public record UndoHead(long count, long lastStep, List<Base> bases) {
  public UndoHead {
    bases = List.copyOf(bases);
  }

  /**
   * A state that the series can be reverted to.
   *
   * @param number of the base, ascending
   * @param lastStep the last step closed before it, or {@link UndoStep#NONE}
   * @param lastOverwritten the part overwritten last since the base; null for none
   */
  public record Base(long number, long lastStep, @Nullable StoreKey<?> lastOverwritten) {
    Base withLastOverwritten(@Nullable StoreKey<?> part) {
      return new Base(number, lastStep, part);
    }
  }
}
