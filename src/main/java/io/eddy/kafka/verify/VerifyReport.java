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
 */
public record VerifyReport(Map<VerifyCount, Long> counts, List<VerifyDifference> differences) {
  private static final Set<VerifyCount> FAULTS =
      Set.of(
          VerifyCount.LOST, VerifyCount.DUPLICATED, VerifyCount.UNEXPECTED, VerifyCount.DIFFERENT);

  public VerifyReport {
    counts = Map.copyOf(counts);
    differences = List.copyOf(differences);
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
      counts.merge(count, 1L, Long::sum);
    }

    /** Counts a difference under its kind. */
    void add(VerifyDifference difference) {
      count(difference.kind());
      if (differences.size() < limit) {
        differences.add(difference);
      }
    }

    public VerifyReport build() {
      return new VerifyReport(counts, differences);
    }
  }
}
