package io.eddy.engine;

import io.eddy.engine.UndoHead.Base;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StateSnapshot;
import io.eddy.forecast.step.StepListener;
import io.eddy.forecast.step.StoredState;
import io.eddy.model.Model;
import io.eddy.series.OpenStep;
import io.eddy.series.store.SeriesStore;
import io.eddy.series.store.StoreKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is needed to revert a series to before any of its last R closed steps.
 *
 * <p>Time is divided into stretches of R steps. Before the first step of a stretch closes, a copy
 * of the state is stored as a base; from then on the former value of each part is stored when the
 * part is first overwritten. Reverting restores these values, the newest first. Two bases are kept,
 * so that the last R steps always lie behind one of them, and the observations of every step since
 * the older base. A closed step costs two small entries, and one copy of the state in R steps;
 * nothing grows with the length of the series.
 *
 * <p>Works for one event on an uncommitted store.
 */
final class SeriesUndoLog implements StepListener {
  private static final int MAX_BASES = 2;

  private final SeriesStore store;
  private final RecordingStore recording = new RecordingStore();
  private final int window;

  /** Revisions of the steps that are about to close again. */
  private final Map<Long, Integer> revisions = new HashMap<>();

  private List<Base> bases = new ArrayList<>();
  private long lastStep = UndoStep.NONE;
  private boolean isOpen;

  /**
   * Opens the log of a series.
   *
   * @param store of the series
   * @param window R
   */
  SeriesUndoLog(SeriesStore store, int window) {
    this.store = store;
    this.window = window;
  }

  /** Returns the store to keep the state in: it records former values in this log. */
  SeriesStore recordingStore() {
    return recording;
  }

  private final class RecordingStore implements SeriesStore {
    @Override
    public <V> @Nullable V get(StoreKey<V> key) {
      return store.get(key);
    }

    @Override
    public <V> void put(StoreKey<V> key, V value) {
      record(key);
      store.put(key, value);
    }

    @Override
    public void delete(StoreKey<?> key) {
      record(key);
      store.delete(key);
    }
  }

  /** Stores the value of a part that is about to be overwritten, once per base. */
  private void record(StoreKey<?> part) {
    if (bases.isEmpty()) {
      return;
    }
    Base newest = newest();
    UndoKey.Overwritten key = new UndoKey.Overwritten(newest.number(), part);
    if (store.get(key) == null) {
      store.put(key, new UndoEntry(newest.lastOverwritten(), store.get(part)));
      bases.set(bases.size() - 1, newest.withLastOverwritten(part));
    }
  }

  /** Reads the head; resets the log if it does not belong to that state. */
  private void open(SeriesState state) {
    if (isOpen) {
      return;
    }
    UndoHead head = read();
    if (head != null
        && (state.isEmpty()
            || head.count() != state.window().count()
            || head.lastStep() != state.lastStep())) {
      restarting();
    }
  }

  private @Nullable UndoHead read() {
    isOpen = true;
    UndoHead head = store.get(UndoKey.Head.HEAD);
    if (head != null) {
      bases = new ArrayList<>(head.bases());
      lastStep = head.lastStep();
    }
    return head;
  }

  @Override
  public void closing(SeriesState state, OpenStep step) {
    open(state);
    long before = state.isEmpty() ? UndoStep.NONE : state.lastStep();
    long number = Math.floorDiv(step.step(), window);
    if (bases.isEmpty() || number > newest().number()) {
      begin(new Base(number, before, null), StateSnapshot.copyOf(state));
    }
    int revision = revisions.getOrDefault(step.step(), 0);
    store.put(new UndoKey.Step(step.step()), new UndoStep(before, revision, step));
    lastStep = step.step();
  }

  private void begin(Base base, StoredState state) {
    if (bases.size() == MAX_BASES) {
      Base oldest = bases.remove(0);
      deleteSteps(oldest.lastStep(), bases.get(0).lastStep());
      delete(oldest);
    }
    bases.add(base);
    store.put(new UndoKey.Base(base.number()), state);
  }

  /** Deletes the steps between two, the earlier one exclusive. */
  private void deleteSteps(long from, long to) {
    long step = lastStep;
    for (UndoStep stored = get(step); stored != null && step > from; stored = get(step)) {
      if (step <= to) {
        store.delete(new UndoKey.Step(step));
      }
      step = stored.previousStep();
    }
  }

  private void delete(Base base) {
    store.delete(new UndoKey.Base(base.number()));
    for (StoreKey<?> part = base.lastOverwritten(); part != null; ) {
      UndoKey.Overwritten key = new UndoKey.Overwritten(base.number(), part);
      part = Objects.requireNonNull(store.get(key)).previous();
      store.delete(key);
    }
  }

  @Override
  public void restarting() {
    if (!isOpen) {
      read();
    }
    if (!bases.isEmpty()) {
      deleteSteps(bases.get(0).lastStep(), Long.MAX_VALUE);
      bases.forEach(this::delete);
      bases.clear();
    }
  }

  /** Returns a closed step, or null if nothing was measured in it or it is no longer kept. */
  @Nullable UndoStep step(SeriesState state, long step) {
    open(state);
    return get(step);
  }

  /** Returns whether the series can be reverted to before a step. */
  boolean canRevert(SeriesState state, long step) {
    open(state);
    return step > state.lastStep() - window && baseBefore(step) >= 0;
  }

  /** Returns the steps that have to close again after reverting to before a step, in order. */
  List<UndoStep> stepsSince(SeriesState state, long step) {
    open(state);
    long from = bases.get(baseBefore(step)).lastStep();
    List<UndoStep> since = new ArrayList<>();
    for (long at = lastStep; at > from; ) {
      UndoStep stored = Objects.requireNonNull(get(at), "every step since a base is stored");
      since.add(stored);
      at = stored.previousStep();
    }
    Collections.reverse(since);
    return since;
  }

  /** Replaces a closed step whose value does not change. */
  void replace(UndoStep step) {
    store.put(new UndoKey.Step(step.step().step()), step);
  }

  /** Sets the revisions of the steps that are about to close again. */
  void setRevisions(Map<Long, Integer> revisions) {
    this.revisions.putAll(revisions);
  }

  /** Reverts the series to before a step for which {@link #canRevert} returned true. */
  SeriesState revert(long step, Model model) {
    int index = baseBefore(step);
    Base target = bases.get(index);
    for (int i = bases.size() - 1; i >= index; i--) {
      Base base = bases.get(i);
      for (StoreKey<?> part = base.lastOverwritten(); part != null; ) {
        UndoKey.Overwritten key = new UndoKey.Overwritten(base.number(), part);
        UndoEntry entry = Objects.requireNonNull(store.get(key));
        restore(part, entry.value());
        store.delete(key);
        part = entry.previous();
      }
      if (i > index) {
        store.delete(new UndoKey.Base(base.number()));
        bases.remove(i);
      }
    }
    bases.set(index, target.withLastOverwritten(null));
    lastStep = target.lastStep();
    return Objects.requireNonNull(store.get(new UndoKey.Base(target.number())))
        .restore(model, recording);
  }

  private <V> void restore(StoreKey<V> part, @Nullable Object value) {
    if (value == null) {
      store.delete(part);
    } else {
      store.put(part, part.valueType().cast(value));
    }
  }

  /** Returns the index of the newest base before a step; −1 if none exists. */
  private int baseBefore(long step) {
    int index = bases.size() - 1;
    while (index >= 0 && bases.get(index).lastStep() >= step) {
      index--;
    }
    return index;
  }

  private Base newest() {
    return bases.get(bases.size() - 1);
  }

  /**
   * Stores the head.
   *
   * @param state of the series after the event
   */
  void close(SeriesState state) {
    if (isOpen) {
      store.put(UndoKey.Head.HEAD, new UndoHead(state.window().count(), state.lastStep(), bases));
    }
  }

  private @Nullable UndoStep get(long step) {
    return store.get(new UndoKey.Step(step));
  }
}
