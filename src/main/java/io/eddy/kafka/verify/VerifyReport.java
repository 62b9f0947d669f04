package io.eddy.kafka.verify;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The result of a verification.
 *
 * @param counts the counts that are not 0
 * @param differences the first differences, in the order of the topics
 * @param expired the events that were deleted and that no forecast names
 * @param reads the events that were read, by partition
 * @param recreated the topics that were deleted and created again since the forecaster began
 */
public record VerifyReport(
    Map<VerifyCount, Long> counts,
    List<VerifyDifference> differences,
    List<Expired> expired,
    List<Read> reads,
    List<String> recreated) {
  private static final Set<VerifyCount> FAULTS =
      Set.of(
          VerifyCount.LOST,
          VerifyCount.DUPLICATED,
          VerifyCount.UNEXPECTED,
          VerifyCount.DIFFERENT,
          VerifyCount.ANOMALIES_LOST,
          VerifyCount.ANOMALIES_DUPLICATED,
          VerifyCount.ANOMALIES_UNEXPECTED,
          VerifyCount.ANOMALIES_DIFFERENT);

  public VerifyReport {
    counts = Map.copyOf(counts);
    differences = List.copyOf(differences);
    expired = List.copyOf(expired);
    reads = List.copyOf(reads);
    recreated = List.copyOf(recreated);
  }

  /**
   * The events of a partition that were read.
   *
   * @param begin offset of the first event that exists
   * @param first offset of the first one that was read
   * @param end offset after the last one
   * @param begun number of series without an event before {@code first}, as their forecasts say
   */
  public record Read(int partition, long begin, long first, long end, long begun) {
    /** Returns whether earlier events exist that were not read. */
    public boolean startsLater() {
      return first > begin;
    }
  }

  /**
   * Events of a partition that were deleted, and that no forecast names: retention passed the
   * forecaster, or they gave no forecast.
   *
   * @param first offset of the first one
   * @param last offset of the last one
   */
  public record Expired(int partition, long first, long last) {
    /** Returns the number of offsets. */
    public long count() {
      return last - first + 1;
    }
  }

  public long get(VerifyCount count) {
    return counts.getOrDefault(count, 0L);
  }

  /** Returns this report with the topics that were deleted and created again. */
  public VerifyReport withRecreated(List<String> topics) {
    return new VerifyReport(counts, differences, expired, reads, topics);
  }

  /**
   * Returns whether nothing is lost, duplicated, unexpected or different, and no topic is another
   * one.
   */
  public boolean isConsistent() {
    return recreated.isEmpty() && FAULTS.stream().allMatch(fault -> get(fault) == 0);
  }

  /** Accumulates counts and differences. */
  public static final class Builder {
    private final Map<VerifyCount, Long> counts = new EnumMap<>(VerifyCount.class);
    private final List<VerifyDifference> differences = new ArrayList<>();
    private final List<Expired> expired = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();
    private final int limit;

    /**
     * Creates an empty report.
     *
     * @param limit maximum number of differences to keep; all are counted
     */
    public Builder(int limit) {
      this.limit = limit;
    }

    void count(VerifyCount count) {
      count(count, 1);
    }

    void count(VerifyCount count, long number) {
      if (number > 0) {
        counts.merge(count, number, Long::sum);
      }
    }

    void addRead(Read read) {
      reads.add(read);
    }

    /** Returns whether something is lost, duplicated, unexpected or different. */
    boolean hasFaults() {
      return FAULTS.stream().anyMatch(counts::containsKey);
    }

    /** Returns an empty report with the same limit. */
    Builder empty() {
      return new Builder(limit);
    }

    /** Adds everything that another report has. */
    void addAll(Builder other) {
      other.counts.forEach(this::count);
      other.differences.stream().limit(limit - (long) differences.size()).forEach(differences::add);
      expired.addAll(other.expired);
      reads.addAll(other.reads);
    }

    /** Adds events that were deleted. */
    void addExpired(Expired range) {
      expired.add(range);
      count(VerifyCount.EXPIRED, range.count());
    }

    /** Counts a difference under its kind. */
    void add(VerifyDifference difference) {
      count(difference.kind());
      if (differences.size() < limit) {
        differences.add(difference);
      }
    }

    public VerifyReport build() {
      return new VerifyReport(counts, differences, expired, reads, List.of());
    }
  }
}
