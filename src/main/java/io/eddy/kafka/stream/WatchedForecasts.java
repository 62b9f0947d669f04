package io.eddy.kafka.stream;

import io.eddy.kafka.record.PublishedForecast;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The forecasts of watched series that are not committed yet. Stream threads add forecasts; a
 * reader takes those whose events are committed. Thread-safe.
 *
 * <p>Of each series, two forecasts are kept: the oldest that was not taken and the newest. The
 * oldest is committed after a commit interval at the latest, also if new ones follow without a
 * pause.
 */
public final class WatchedForecasts {
  /** Position of a partition from which no event was processed. */
  static final long NONE = -1;

  private final Map<String, Pending> watched = new ConcurrentHashMap<>();
  private final Map<Integer, AtomicLong> positions = new ConcurrentHashMap<>();

  /** The forecasts of a series that were not taken. */
  private static final class Pending {
    private @Nullable PublishedForecast oldest;
    private @Nullable PublishedForecast newest;

    synchronized void add(PublishedForecast forecast) {
      // Events are processed again after an aborted transaction: its forecasts are void.
      if (oldest == null || forecast.source().offset() <= oldest.source().offset()) {
        oldest = forecast;
        newest = null;
      } else {
        newest = forecast;
      }
    }

    synchronized @Nullable PublishedForecast take(long committed) {
      PublishedForecast taken = null;
      if (oldest != null && oldest.source().offset() < committed) {
        taken = oldest;
        oldest = newest;
        newest = null;
      }
      if (oldest != null && oldest.source().offset() < committed) {
        taken = oldest;
        oldest = null;
      }
      return taken;
    }

    synchronized void clear() {
      oldest = null;
      newest = null;
    }
  }

  /** Keeps the forecasts of a series from the next event on. */
  public void watch(String series) {
    watched.putIfAbsent(series, new Pending());
  }

  /** Discards the forecasts of a series. */
  public void unwatch(String series) {
    watched.remove(series);
  }

  /**
   * Returns the offset of the event of a partition that was processed last or is being processed;
   * {@value #NONE} if there is none. Forecasts of later events are kept for the series that are
   * watched now.
   */
  public long position(int partition) {
    return of(partition).get();
  }

  /**
   * Returns the newest committed forecast of a series that was not taken yet, and discards the
   * older ones.
   *
   * @param committed committed offset of the series' partition: that of the next event
   * @return null if there is none
   */
  public @Nullable PublishedForecast take(String series, long committed) {
    Pending pending = watched.get(series);
    return pending == null ? null : pending.take(committed);
  }

  /** Discards the forecasts of a series whose partition is processed elsewhere. */
  public void clear(String series) {
    Pending pending = watched.get(series);
    if (pending != null) {
      pending.clear();
    }
  }

  /** Returns the position of a partition, for the task that processes it. */
  AtomicLong of(int partition) {
    return positions.computeIfAbsent(partition, absent -> new AtomicLong(NONE));
  }

  /** Adds a forecast. Must follow the update of the position to its event. */
  void add(String series, PublishedForecast forecast) {
    Pending pending = watched.get(series);
    if (pending != null) {
      pending.add(forecast);
    }
  }
}
