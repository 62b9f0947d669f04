package io.eddy.kafka.stream;

import io.eddy.forecast.Score;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sums of the scores of the versions that were scored last. Thread-safe.
 *
 * <p>As for automatic rollback, a score counts if the series' context was complete and the error of
 * seasonal naive is known. Errors are divided by the mean error of seasonal naive on their series,
 * so that all series have the same weight.
 */
public final class ScoreTotals {
  /** More versions than are scored at a time. */
  private static final int MAX_VERSIONS = 16;

  private final Map<Role, Map<ModelVersion, VersionScores>> totals =
      StreamCounters.byConstant(Role.class, ConcurrentHashMap::new);

  /** A version in a role, with the sums of its scores. */
  public record Entry(ModelVersion version, Role role, VersionScores.Totals totals) {}

  void add(Score score, Role role) {
    if (!score.origin().warm() || !(score.naiveMeanError() > 0)) {
      return;
    }
    Map<ModelVersion, VersionScores> versions = Objects.requireNonNull(totals.get(role));
    ModelVersion version = score.origin().served().version();
    VersionScores scores = versions.get(version);
    if (scores == null) {
      scores = versions.computeIfAbsent(version, key -> new VersionScores(score.quantileLevels()));
      removeOldest(versions);
    }
    scores.add(score);
  }

  private static void removeOldest(Map<ModelVersion, VersionScores> versions) {
    if (versions.size() > MAX_VERSIONS) {
      versions.entrySet().stream()
          .min(Comparator.comparingLong(entry -> entry.getValue().lastNs()))
          .ifPresent(oldest -> versions.remove(oldest.getKey()));
    }
  }

  /** Returns the sums, ordered by role and version. */
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    totals.forEach(
        (role, versions) ->
            versions.forEach(
                (version, scores) -> entries.add(new Entry(version, role, scores.totals()))));
    entries.sort(Comparator.comparing(Entry::role).thenComparing(Entry::version));
    return entries;
  }
}
