package io.eddy.stream;

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
public record AuditReport(Map<AuditFigure, Long> figures, List<AuditDifference> differences) {
  private static final Set<AuditFigure> FAULTS =
      Set.of(
          AuditFigure.LOST, AuditFigure.DUPLICATED, AuditFigure.UNEXPECTED, AuditFigure.DIFFERENT);

  public AuditReport {
    figures = Map.copyOf(figures);
    differences = List.copyOf(differences);
  }

  public long get(AuditFigure figure) {
    return figures.getOrDefault(figure, 0L);
  }

  /** Whether every forecast is there once and is what the replay gives. */
  public boolean isAgreed() {
    return FAULTS.stream().allMatch(fault -> get(fault) == 0);
  }

  /** Counts while an audit goes on. */
  static final class Tally {
    private final Map<AuditFigure, Long> figures = new EnumMap<>(AuditFigure.class);
    private final List<AuditDifference> differences = new java.util.ArrayList<>();
    private final int limit;

    /** A tally that keeps the first {@code limit} differences. */
    Tally(int limit) {
      this.limit = limit;
    }

    void count(AuditFigure figure) {
      figures.merge(figure, 1L, Long::sum);
    }

    /** Counts a difference under its kind. */
    void add(AuditDifference difference) {
      count(difference.kind());
      if (differences.size() < limit) {
        differences.add(difference);
      }
    }

    AuditReport report() {
      return new AuditReport(figures, differences);
    }
  }
}
