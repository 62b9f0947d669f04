package io.eddy.serving.api;

import io.eddy.serving.http.ServerSentEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The events that one client has not received yet. Adding never blocks: of the forecasts, the
 * oldest beyond {@value #CAPACITY} are discarded; of the status, only the newest is kept.
 * Thread-safe.
 */
final class EventQueue {
  static final int CAPACITY = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ServerSentEvent> forecasts = new ArrayDeque<>();
  private @Nullable ServerSentEvent status;
  private boolean isClosed;
  private long skipped;

  void addForecast(ServerSentEvent event) {
    lock.lock();
    try {
      if (forecasts.size() == CAPACITY) {
        forecasts.remove();
        skipped++;
      }
      forecasts.add(event);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  void setStatus(ServerSentEvent event) {
    lock.lock();
    try {
      status = event;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the stream after the events that are queued. */
  void close() {
    lock.lock();
    try {
      isClosed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether the stream has ended and all events were taken. */
  boolean isFinished() {
    lock.lock();
    try {
      return isClosed && forecasts.isEmpty() && status == null;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the next event; null if none was added in time or the stream has ended. */
  @Nullable ServerSentEvent take(long timeoutMs) throws InterruptedException {
    lock.lock();
    try {
      long remainingNs = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
      while (forecasts.isEmpty() && status == null && !isClosed && remainingNs > 0) {
        remainingNs = changed.awaitNanos(remainingNs);
      }
      if (!forecasts.isEmpty()) {
        return forecasts.remove();
      }
      ServerSentEvent taken = status;
      status = null;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of forecasts that were discarded because the client reads too slowly. */
  long skipped() {
    lock.lock();
    try {
      return skipped;
    } finally {
      lock.unlock();
    }
  }
}
