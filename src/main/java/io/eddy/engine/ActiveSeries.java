package io.eddy.engine;

import io.eddy.admission.ActiveSeriesCounter;
import io.eddy.admission.SeriesLimits;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StateKey;
import io.eddy.forecast.step.StoredState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the active series of a partition and finds the expired ones. The counter is stored with
 * the states, in the same transaction, so that a restart does not count again. Does nothing if the
 * number and the lifetime of series are not limited.
 */
final class ActiveSeries {
  /** States that one call of {@link #sweep} reads. */
  private static final int SWEEP_SIZE = 2000;

  private final SeriesLimits limits;
  private final PartitionStore store;
  private final ActiveSeriesCounter counter;

  /** The series that the present sweep goes on with; null if no sweep is in progress. */
  private @Nullable String next;

  /** The span in which the present sweep began. */
  private long sweepSpan;

  /** The span in which the last complete sweep began. */
  private long sweptSpan = Long.MIN_VALUE;

  ActiveSeries(SeriesLimits limits, PartitionStore store) {
    this.limits = limits;
    this.store = store;
    counter = limits.newCounter();
    if (!limits.isCounting()) {
      // The stored counter would be out of date once series are counted again.
      store.deleteCounter();
    } else if (!store.restore(counter)) {
      count();
    }
  }

  /** Counts the states that are stored already. */
  private void count() {
    String from = null;
    do {
      PartitionStore.Page page = store.states(from, SWEEP_SIZE);
      page.entries().forEach(entry -> counter.countStored(lastSpan(entry.state())));
      from = page.next();
    } while (from != null);
    save();
  }

  /** Returns the span of a series' last event. */
  private long lastSpan(@Nullable StoredState state) {
    if (state == null) {
      return ActiveSeriesCounter.NEW;
    }
    return limits.isExpiring() ? counter.spanOf(state.lastEventMs()) : 0;
  }

  /** Returns whether a series had no event for longer than its time to live. */
  boolean isExpired(@Nullable StoredState state) {
    return limits.isExpiring() && state != null && counter.isExpired(lastSpan(state));
  }

  /** Returns whether the partition accepts no new series. */
  boolean isFull() {
    return limits.isCounting() && counter.isFull();
  }

  /**
   * Counts an event of a series.
   *
   * @param before the state of the series before the event; null if the series is new
   * @return the time to record as the series' last event, or {@link SeriesState#NO_TIME}
   */
  long countEvent(String series, long timeMs, @Nullable StoredState before) {
    if (!limits.isCounting()) {
      return SeriesState.NO_TIME;
    }
    long now = counter.countEvent(series, timeMs, lastSpan(before));
    save();
    return limits.isExpiring() ? counter.beginMs(now) : SeriesState.NO_TIME;
  }

  /** Counts the deletion of a series, whose state was {@code state}. */
  void countDeletion(@Nullable StoredState state) {
    if (limits.isCounting() && state != null) {
      counter.countDeletion(lastSpan(state));
      save();
    }
  }

  private void save() {
    if (counter.takeChanged()) {
      store.save(counter);
    }
  }

  /**
   * Continues the search for expired series. When they are deleted does not change any forecast:
   * the next event of an expired series starts it again either way.
   *
   * @return the series to delete
   */
  List<String> sweep() {
    if (!limits.isExpiring() || (next == null && sweptSpan == counter.now())) {
      return List.of();
    }
    sweepSpan = next == null ? counter.now() : sweepSpan;
    List<String> expired = new ArrayList<>();
    PartitionStore.Page page = store.states(next, SWEEP_SIZE);
    for (PartitionStore.Entry entry : page.entries()) {
      if (isExpired(entry.state())) {
        expired.add(entry.series());
      } else if (lastSpan(entry.state()) == ActiveSeriesCounter.UNRECORDED) {
        mark(entry);
      }
    }
    next = page.next();
    sweptSpan = next == null ? sweepSpan : sweptSpan;
    save();
    return expired;
  }

  /** Records the present as the last event of a series that has none recorded. */
  private void mark(PartitionStore.Entry entry) {
    long now = counter.recordPresent();
    if (now != ActiveSeriesCounter.UNRECORDED) {
      store
          .series(entry.series())
          .put(StateKey.STATE, entry.state().withLastEventMs(counter.beginMs(now)));
    }
  }
}
