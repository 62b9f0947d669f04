package io.eddy.engine;

import io.eddy.forecast.anomaly.Anomaly;
import io.eddy.forecast.anomaly.AnomalyScore.Change;
import io.eddy.forecast.step.Silence;
import io.eddy.forecast.step.StateKey;
import io.eddy.forecast.step.StoredState;
import io.eddy.series.Interval;
import io.eddy.series.Observation;
import io.eddy.series.store.SeriesStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the series of a partition that are silent: those that have reported nothing for as many
 * steps as begin an absence, while other series of the partition report.
 *
 * <p>The time at which a series is silent is part of its stored state, and also kept on the heap. A
 * queue has one entry per series, by a time that is not later. An entry that comes up returns to
 * the queue with the present time, which happens once in so many steps of the series, or the series
 * is silent. What is found depends on the states and the times of events only, so that it is the
 * same after a restart. Used by one thread.
 */
public final class SilenceWatch {
  /** Begins of silences that one event gives; more of them follow at the next event. */
  private static final int MAX_BEGINS = 1000;

  private final Function<String, @Nullable SeriesStore> stores;
  private final BiPredicate<String, StoredState> isExpired;
  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(
          Comparator.comparingLong((Due due) -> due.queuedMs).thenComparing(due -> due.series));

  /** The entries that count; an entry of the queue that is not here was replaced. */
  private final Map<String, Due> awaited = new HashMap<>();

  /** When a series is silent. */
  private static final class Due {
    final String series;
    long queuedMs;
    long timeMs;

    Due(String series, long timeMs) {
      this.series = series;
      queuedMs = timeMs;
      this.timeMs = timeMs;
    }
  }

  /**
   * Creates a watch without series.
   *
   * @param stores of the series; null for one that does not exist
   * @param isExpired whether a series is no longer expected to report
   */
  public SilenceWatch(
      Function<String, @Nullable SeriesStore> stores, BiPredicate<String, StoredState> isExpired) {
    this.stores = stores;
    this.isExpired = isExpired;
  }

  /** Adds a series with its stored state. */
  public void add(String series, @Nullable StoredState stored) {
    if (stored != null && stored.silence().isAwaited()) {
      await(series, stored.silence().dueMs());
    }
  }

  private void await(String series, long dueMs) {
    Due known = awaited.get(series);
    if (known != null && known.queuedMs <= dueMs) {
      known.timeMs = dueMs;
    } else {
      Due due = new Due(series, dueMs);
      awaited.put(series, due);
      queue.add(due);
    }
  }

  /**
   * Returns what an event changes: the end of its series' silence, and the begin of those of other
   * series. Stores that they are reported.
   *
   * @param event that changed its series
   * @param before state of its series before it; null if it is new
   * @param dueMs when its series is silent, or {@link Silence#NEVER}
   */
  public List<SilenceChange> advance(Observation event, @Nullable StoredState before, long dueMs) {
    if (dueMs != Silence.NEVER) {
      await(event.series(), dueMs);
    }
    @Nullable StoredState silent = before != null && before.silence().isReported() ? before : null;
    if (silent == null && !isDue(event.timestampMs())) {
      return List.of();
    }
    List<SilenceChange> changes = new ArrayList<>();
    if (silent != null) {
      changes.add(end(event.series(), event.timestampMs(), silent));
    }
    addBegins(event.timestampMs(), changes);
    return changes;
  }

  private boolean isDue(long timeMs) {
    Due head = queue.peek();
    return head != null && head.queuedMs <= timeMs;
  }

  private void addBegins(long timeMs, List<SilenceChange> changes) {
    int begins = 0;
    while (isDue(timeMs) && begins < MAX_BEGINS) {
      Due head = queue.remove();
      if (awaited.get(head.series) != head) {
        continue;
      }
      if (head.timeMs > head.queuedMs) {
        head.queuedMs = head.timeMs;
        queue.add(head);
        continue;
      }
      awaited.remove(head.series);
      StoredState stored = state(head.series);
      if (stored == null || isExpired.test(head.series, stored)) {
        continue;
      }
      if (stored.silence().dueMs() != head.timeMs) {
        add(head.series, stored);
      } else if (stored.silence().isAwaited()) {
        changes.add(begin(head.series, stored));
        begins++;
      }
    }
  }

  private @Nullable StoredState state(String series) {
    SeriesStore store = stores.apply(series);
    return store == null ? null : store.get(StateKey.STATE);
  }

  private SilenceChange begin(String series, StoredState stored) {
    SeriesStore store = stores.apply(series);
    if (store != null) {
      store.put(StateKey.STATE, stored.withReportedSilence());
    }
    return change(Change.BEGIN, series, firstStep(stored), stored);
  }

  private static SilenceChange end(String series, long timeMs, StoredState before) {
    Interval interval = before.sampling().interval();
    long last = Math.max(firstStep(before), interval.stepOf(timeMs) - 1);
    return change(Change.END, series, last, before);
  }

  /** Returns the step with which the silence of a series begins. */
  private static long firstStep(StoredState stored) {
    return stored.sampling().interval().stepOf(stored.silence().dueMs()) - 1;
  }

  private static SilenceChange change(Change change, String series, long last, StoredState stored) {
    Interval interval = stored.sampling().interval();
    long steps = last - interval.stepOf(stored.newestMs());
    Anomaly anomaly =
        Anomaly.silence(change, interval.startMs(firstStep(stored)), interval.startMs(last), steps);
    return new SilenceChange(series, interval, stored.served(), anomaly);
  }
}
