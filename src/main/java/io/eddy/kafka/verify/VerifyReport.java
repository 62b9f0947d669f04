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
 */
public record VerifyReport(
    Map<VerifyCount, Long> counts, List<VerifyDifference> differences, List<Expired> expired) {
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

  /** Whether nothing is lost, duplicated, unexpected or different. */
  public boolean isConsistent() {
    return FAULTS.stream().allMatch(fault -> get(fault) == 0);
  }

  /** Accumulates counts and differences. */
  public static final class Builder {
    private final Map<VerifyCount, Long> counts = new EnumMap<>(VerifyCount.class);
    private final List<VerifyDifference> differences = new ArrayList<>();
    private final List<Expired> expired = new ArrayList<>();
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
      return new VerifyReport(counts, differences, expired);
    }
  }
}
