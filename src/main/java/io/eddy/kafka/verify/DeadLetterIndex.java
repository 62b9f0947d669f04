package io.eddy.kafka.verify;

import io.eddy.series.Observation;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The dead-lettered events, by partition and offset. Needs at most about two bits per offset of a
 * partition, and 16 to 32 bytes for each series of an event that was rejected in part, of which it
 * keeps a 64-bit hash.
 */
public final class DeadLetterIndex {
  private final boolean isTruncated;
  private final Map<Integer, OffsetSet> offsets = new HashMap<>();

  /** Hashes of the rejected series of events whose other series were accepted, by partition. */
  private final Map<Integer, HashSet64> rejectedSeries = new HashMap<>();

  /** The dead letters of one partition. */
  record Partition(DeadLetterIndex index, int partition) {
    boolean contains(long offset, Observation event) {
      return index.contains(partition, offset, event.series());
    }

    boolean mayContain(long offset, Observation event) {
      return index.mayContain(partition, offset, event.series());
    }
  }

  /**
   * Creates an empty index.
   *
   * @param isTruncated whether retention deleted dead letters, so that the index may be incomplete
   */
  public DeadLetterIndex(boolean isTruncated) {
    this.isTruncated = isTruncated;
  }

  Partition partition(int partition) {
    return new Partition(this, partition);
  }

  /** Adds an event that was rejected as a whole. */
  public void add(int partition, long offset) {
    offsets.computeIfAbsent(partition, p -> new OffsetSet()).add(offset);
  }

  /** Adds an event of which only {@code series} were rejected. */
  public void add(int partition, long offset, Set<String> series) {
    HashSet64 hashes = rejectedSeries.computeIfAbsent(partition, p -> new HashSet64());
    series.forEach(name -> hashes.add(hash(offset, name)));
  }

  private static long hash(long offset, String series) {
    long hash = offset * 0x9E3779B97F4A7C15L;
    for (int i = 0; i < series.length(); i++) {
      hash = (hash ^ series.charAt(i)) * 0xD6E8FEB86659FD93L;
      hash ^= hash >>> 32;
    }
    return hash;
  }

  boolean contains(int partition, long offset, String series) {
    OffsetSet rejected = offsets.get(partition);
    HashSet64 hashes = rejectedSeries.get(partition);
    return (rejected != null && rejected.contains(offset))
        || (hashes != null && hashes.contains(hash(offset, series)));
  }

  /** Returns whether a series' event is, or may have been, a dead letter. */
  boolean mayContain(int partition, long offset, String series) {
    return isTruncated || contains(partition, offset, series);
  }
}
