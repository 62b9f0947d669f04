package io.eddy.kafka.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Chooses the field with the time of the measurement. */
final class TimeFields {
  private static final double MIN_PRESENT = 0.95;
  private static final long AGREEMENT_MS = 2L * 24 * 3600 * 1000;

  private final EventRows rows;

  TimeFields(EventRows rows) {
    this.rows = rows;
  }

  /** Returns the most likely field; null if there is none. */
  @Nullable FieldProfile choose() {
    List<FieldProfile> candidates = new ArrayList<>();
    for (FieldProfile field : rows.profiles().values()) {
      boolean isPresent = field.count() >= MIN_PRESENT * rows.rows().size();
      boolean varies = field.distinctCount() > 1 || field.count() == 1;
      if (isPresent
          && varies
          && FieldNames.timeRank(field.path()) >= 0
          && !field.path().contains(",")
          && field.time() != null) {
        candidates.add(field);
      }
    }
    Map<FieldProfile, Long> medians = new HashMap<>();
    candidates.forEach(field -> medians.put(field, median(field)));
    return candidates.stream()
        .max(
            Comparator.<FieldProfile>comparingDouble(field -> score(field, medians))
                .thenComparing(FieldProfile::path, Comparator.reverseOrder()))
        .orElse(null);
  }

  private double score(FieldProfile field, Map<FieldProfile, Long> medians) {
    String path = field.path();
    double score = 10.0 * FieldNames.timeRank(path);
    score += 8.0 * field.distinctCount() / field.count();
    score -= path.chars().filter(c -> c == '.').count();
    score += !rows.list().isEmpty() && path.startsWith(rows.list() + '.') ? 15 : 0;
    score -= path.startsWith("before.") || path.startsWith("source.") ? 40 : 0;
    score += path.startsWith("after.") ? 20 : 0;
    score += path.startsWith("data.") || path.startsWith("payload.") ? 6 : 0;
    long own = Objects.requireNonNull(medians.get(field));
    boolean agrees =
        medians.entrySet().stream()
            .anyMatch(
                other ->
                    !other.getKey().equals(field)
                        && Math.abs(other.getValue() - own) < AGREEMENT_MS);
    return score + (agrees ? 12 : 0);
  }

  private long median(FieldProfile field) {
    FieldProfile.TimeField times = Objects.requireNonNull(field.time());
    long[] sorted =
        rows.rows().stream()
            .map(row -> row.fields().get(field.path()))
            .filter(Objects::nonNull)
            .map(times::read)
            .filter(Objects::nonNull)
            .mapToLong(Long::longValue)
            .toArray();
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  /**
   * Returns a field with times that many events lack; null if none exists. Then the record's time
   * is not the time of the measurement either.
   */
  @Nullable FieldProfile partial() {
    return rows.profiles().values().stream()
        .filter(field -> field.count() < MIN_PRESENT * rows.rows().size())
        .filter(field -> field.count() >= 0.1 * rows.rows().size())
        .filter(field -> field.distinctCount() > 1 && FieldNames.timeRank(field.path()) >= 3)
        .filter(field -> field.time() != null)
        .findFirst()
        .orElse(null);
  }

  /** Returns the field with the name of a time that is none in a known format; null if none. */
  @Nullable FieldProfile unreadable() {
    return rows.profiles().values().stream()
        .filter(field -> field.count() >= MIN_PRESENT * rows.rows().size())
        .filter(field -> FieldNames.timeRank(field.path()) >= 3)
        .filter(field -> field.time() == null && !field.timeProblem().isEmpty())
        .filter(field -> field.distinctCount() > 1)
        .max(Comparator.comparingInt(field -> FieldNames.timeRank(field.path())))
        .orElse(null);
  }
}
