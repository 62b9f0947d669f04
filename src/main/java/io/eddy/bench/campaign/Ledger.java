package io.eddy.bench.campaign;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Every acknowledged event and every committed forecast, by the event's position in Kafka.
 * Thread-safe.
 *
 * <p>The load sends each series' events in order, one for each step, so that each has exactly one
 * forecast. Late events are the exception: each revises any number of forecasts, which have
 * different origins.
 */
final class Ledger {
  private static final int INITIAL = 1024;

  private final List<Partition> partitions = new ArrayList<>();
  private final Set<Revision> revisions = new HashSet<>();
  private long unexpected;
  private long failures;

  /** Another forecast of an event, from another origin than the first one. */
  private record Revision(int partition, int offset, long originMs) {}

  /** The events of a partition, by offset. */
  private static final class Partition {
    private long[] sentNs = new long[INITIAL];
    private long[] forecastNs = new long[INITIAL];
    private int[] hash = new int[INITIAL];
    private long[] origin = new long[INITIAL];
    private boolean[] late = new boolean[INITIAL];
    private byte[] forecasts = new byte[INITIAL];
    private byte[] read = new byte[INITIAL];
    private int size;

    /** Returns whether an acknowledged event has no forecast; late ones need none. */
    boolean isPending(int offset) {
      return sentNs[offset] != 0 && !late[offset] && forecasts[offset] == 0;
    }

    void reserve(int offset) {
      if (offset >= sentNs.length) {
        int capacity = Math.max(offset + 1, sentNs.length * 2);
        sentNs = Arrays.copyOf(sentNs, capacity);
        forecastNs = Arrays.copyOf(forecastNs, capacity);
        hash = Arrays.copyOf(hash, capacity);
        origin = Arrays.copyOf(origin, capacity);
        late = Arrays.copyOf(late, capacity);
        forecasts = Arrays.copyOf(forecasts, capacity);
        read = Arrays.copyOf(read, capacity);
      }
      size = Math.max(size, offset + 1);
    }
  }

  /**
   * The comparison of events and forecasts.
   *
   * @param acknowledged events
   * @param missingEvents acknowledged events that are not on the topic, or with other bytes
   * @param unacknowledged events on the topic that were not acknowledged
   * @param lost events of the topic without a forecast
   * @param duplicated forecasts of an event that has another one
   * @param unexpected forecasts without an event
   */
  record Balance(
      long acknowledged,
      long missingEvents,
      long unacknowledged,
      long lost,
      long duplicated,
      long unexpected) {
    boolean isEven() {
      return missingEvents == 0 && lost == 0 && duplicated == 0 && unexpected == 0;
    }
  }

  Ledger(int partitionCount) {
    for (int i = 0; i < partitionCount; i++) {
      partitions.add(new Partition());
    }
  }

  /**
   * Records that a broker has acknowledged an event.
   *
   * @param sentNs when it was sent, by {@link System#nanoTime}
   * @param hash of key and value
   */
  synchronized void acknowledged(int partition, long offset, long sentNs, int hash) {
    Partition events = partitions.get(partition);
    events.reserve((int) offset);
    events.sentNs[(int) offset] = sentNs == 0 ? 1 : sentNs;
    events.hash[(int) offset] = hash;
  }

  /** Records that an acknowledged event is of an earlier step than the one before it. */
  synchronized void late(int partition, long offset) {
    Partition events = partitions.get(partition);
    events.reserve((int) offset);
    events.late[(int) offset] = true;
  }

  /** Returns the number of late events that have revised a forecast. */
  synchronized long revising() {
    long count = 0;
    for (Partition events : partitions) {
      for (int offset = 0; offset < events.size; offset++) {
        count += events.late[offset] && events.forecasts[offset] > 0 ? 1 : 0;
      }
    }
    return count;
  }

  /** Records that an event was not acknowledged. */
  synchronized void failed() {
    failures++;
  }

  synchronized long failures() {
    return failures;
  }

  /**
   * Records a committed forecast of an event.
   *
   * @param originMs time that it forecasts from
   */
  synchronized void forecast(int partition, long offset, long originMs, long timeNs) {
    Partition events = partitions.get(partition);
    if (offset < 0 || offset > Integer.MAX_VALUE - 8) {
      unexpected++;
      return;
    }
    events.reserve((int) offset);
    int index = (int) offset;
    if (events.forecastNs[index] == 0) {
      events.forecastNs[index] = timeNs;
      events.origin[index] = originMs;
    } else if (originMs != events.origin[index]
        && revisions.add(new Revision(partition, index, originMs))) {
      return;
    }
    if (events.forecasts[index] < Byte.MAX_VALUE) {
      events.forecasts[index]++;
    }
  }

  /** Records an event that was read from the topic. */
  synchronized void event(int partition, long offset, int hash) {
    Partition events = partitions.get(partition);
    events.reserve((int) offset);
    boolean isSame = events.sentNs[(int) offset] == 0 || events.hash[(int) offset] == hash;
    events.read[(int) offset] = (byte) (isSame ? 1 : 2);
  }

  /** Returns the number of acknowledged events without a forecast so far. */
  synchronized long pending() {
    long pending = 0;
    for (Partition events : partitions) {
      for (int offset = 0; offset < events.size; offset++) {
        pending += events.isPending(offset) ? 1 : 0;
      }
    }
    return pending;
  }

  /** Returns a line for each partition with acknowledged events that have no forecast. */
  synchronized List<String> pendingByPartition() {
    List<String> lines = new ArrayList<>();
    for (int partition = 0; partition < partitions.size(); partition++) {
      Partition events = partitions.get(partition);
      int[] pending = IntStream.range(0, events.size).filter(events::isPending).toArray();
      if (pending.length > 0) {
        lines.add(
            "partition %d: %d events without a forecast, offsets %d to %d"
                .formatted(partition, pending.length, pending[0], pending[pending.length - 1]));
      }
    }
    return lines;
  }

  /** Compares events and forecasts, after all of them were read. */
  synchronized Balance balance() {
    long[] counts = new long[5];
    long unknown = unexpected;
    for (Partition events : partitions) {
      for (int offset = 0; offset < events.size; offset++) {
        boolean isAcknowledged = events.sentNs[offset] != 0;
        boolean isRead = events.read[offset] != 0;
        int forecasts = events.forecasts[offset];
        counts[0] += isAcknowledged ? 1 : 0;
        counts[1] += isAcknowledged && events.read[offset] != 1 ? 1 : 0;
        counts[2] += isRead && !isAcknowledged ? 1 : 0;
        // A late event that comes after a migration is dropped; verify checks which ones are.
        counts[3] += isRead && forecasts == 0 && !events.late[offset] ? 1 : 0;
        counts[4] += isRead ? Math.max(0, forecasts - 1) : 0;
        unknown += isRead ? 0 : forecasts;
      }
    }
    for (Revision revision : revisions) {
      counts[4] += partitions.get(revision.partition()).late[revision.offset()] ? 0 : 1;
    }
    return new Balance(counts[0], counts[1], counts[2], counts[3], counts[4], unknown);
  }

  /**
   * Returns the longest time from an event to its committed forecast, in nanoseconds, of the events
   * that were sent within a period; 0 if none was.
   */
  synchronized long longestWaitNs(long fromNs, long toNs) {
    long longest = 0;
    for (Partition events : partitions) {
      for (int offset = 0; offset < events.size; offset++) {
        long sent = events.sentNs[offset];
        if (sent != 0 && events.forecastNs[offset] != 0 && sent - fromNs >= 0 && sent - toNs < 0) {
          longest = Math.max(longest, events.forecastNs[offset] - sent);
        }
      }
    }
    return longest;
  }
}
