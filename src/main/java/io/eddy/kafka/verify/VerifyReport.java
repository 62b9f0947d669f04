package io.eddy.kafka.verify;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an audit found.
 *
 * @param figures how much of what
 * @param differences the first of them, in the order in which they were met
 */
public record VerifyReport(Map<VerifyCount, Long> figures, List<VerifyDifference> differences) {
  private static final Set<VerifyCount> FAULTS =
      Set.of(
          VerifyCount.LOST, VerifyCount.DUPLICATED, VerifyCount.UNEXPECTED, VerifyCount.DIFFERENT);

  public VerifyReport {
    figures = Map.copyOf(figures);
    differences = List.copyOf(differences);
  }

  public long get(VerifyCount figure) {
    return figures.getOrDefault(figure, 0L);
  }

  /** Whether every forecast is there once and is what the replay gives. */
  public boolean isAgreed() {
    return FAULTS.stream().allMatch(fault -> get(fault) == 0);
  }

  /** Counts while an audit goes on. */
  public static final class Tally {
    private final Map<VerifyCount, Long> figures = new EnumMap<>(VerifyCount.class);
    private final List<VerifyDifference> differences = new java.util.ArrayList<>();
    private final int limit;

    /** A tally that keeps the first {@code limit} differences. */
    public Tally(int limit) {
      this.limit = limit;
    }

    void count(VerifyCount figure) {
      figures.merge(figure, 1L, Long::sum);
    }

    /** Counts a difference under its kind. */
    void add(VerifyDifference difference) {
      count(difference.kind());
      if (differences.size() < limit) {
        differences.add(difference);
      }
    }

    public VerifyReport report() {
      return new VerifyReport(figures, differences);
    }
  }
}
