package io.eddy.kafka.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the fields that name the series: those under which the fewest observations of a series
 * have the same time, above all with different values, and the times of a series are the most
 * regular.
 */
final class KeyChooser {
  /** Largest share of observations that conflict with another of the same series and time. */
  static final double MAX_CONFLICTS = 0.05;

  private static final int MAX_PARTS = 4;
  private static final double MIN_GAIN = 0.05;

  /** Improvement that outweighs the record's key. */
  private static final double MIN_GAIN_OVER_RECORD_KEY = 0.3;

  private static final double MIN_PRESENT = 0.95;
  private static final int MIN_OBSERVATIONS = 2;
  private static final int MAX_NAME_LENGTH = 200;

  private final List<Point> points;
  private final List<FieldProfile> candidates;

  /** A value with a time. */
  record Point(EventRows.Row row, long timestampMs, String field, String value) {}

  /**
   * Measures of how well series are told apart.
   *
   * @param conflicts share of the points that have the series and time of another with a different
   *     value
   * @param repeats share of the points that have the series, time and value of another
   * @param irregular share of the distances in time that are no multiples of the usual one
   * @param perSeries points per series and field, on average
   */
  record Quality(double conflicts, double repeats, double irregular, double perSeries) {
    boolean isAcceptable() {
      return conflicts <= MAX_CONFLICTS && perSeries >= MIN_OBSERVATIONS;
    }

    double score() {
      return 2 * conflicts + repeats + irregular;
    }
  }

  /**
   * A choice of parts of the name.
   *
   * @param usesRecordKey whether the record's key is the first part
   * @param fields further parts
   */
  record Choice(boolean usesRecordKey, List<String> fields, Quality quality) {}

  KeyChooser(List<Point> points, Iterable<FieldProfile> fields) {
    this.points = points;
    candidates = new ArrayList<>();
    for (FieldProfile field : fields) {
      if (isCandidate(field)) {
        candidates.add(field);
      }
    }
    candidates.sort(
        Comparator.<FieldProfile>comparingInt(field -> -FieldNames.keyRank(field.path()))
            .thenComparingInt(FieldProfile::distinctCount)
            .thenComparing(FieldProfile::path));
  }

  private boolean isCandidate(FieldProfile field) {
    boolean isName =
        field.isText()
            || (field.isNumeric()
                && !field.hasFractions()
                && FieldNames.keyRank(field.path()) > 0
                && !FieldNames.isMeasured(field.path()));
    return isName
        && points.stream().noneMatch(point -> point.field().equals(field.path()))
        && field.time() == null
        && FieldNames.timeRank(field.path()) == 0
        && !field.path().contains(",")
        && field.distinctCount() * MIN_OBSERVATIONS <= field.count()
        && isPresent(field.path());
  }

  private boolean isPresent(String path) {
    long present =
        points.stream()
            .map(point -> point.row().fields().get(path))
            .filter(name -> name != null && !name.isBlank() && name.length() <= MAX_NAME_LENGTH)
            .count();
    return !points.isEmpty() && present >= MIN_PRESENT * points.size();
  }

  /** Returns the best choice; null if none is acceptable. */
  @Nullable Choice choose() {
    Choice record = hasRecordKeys() ? choice(true, List.of()) : null;
    Choice fields = extend(choice(false, List.of()));
    if (record != null && record.quality().isAcceptable()) {
      boolean isWorse =
          fields.quality().isAcceptable()
              && record.quality().score() - fields.quality().score() > MIN_GAIN_OVER_RECORD_KEY;
      return isWorse ? fields : record;
    }
    boolean groups = record != null && record.quality().perSeries() >= MIN_OBSERVATIONS;
    Choice both = record != null && groups ? extend(record) : fields;
    if (both.quality().isAcceptable() && !both.fields().isEmpty()) {
      return both;
    }
    if (fields.quality().isAcceptable()) {
      return fields.fields().isEmpty() ? named(fields) : fields;
    }
    return null;
  }

  /** Returns the only series' name, if a field holds one; otherwise a choice without parts. */
  private Choice named(Choice single) {
    return candidates.stream()
        .filter(field -> field.isText() && field.isConstant())
        .filter(field -> FieldNames.keyRank(field.path()) > 0)
        .findFirst()
        .map(field -> choice(false, List.of(field.path())))
        .orElse(single);
  }

  private boolean hasRecordKeys() {
    long present = points.stream().filter(point -> point.row().key() != null).count();
    return !points.isEmpty() && present >= MIN_PRESENT * points.size();
  }

  /** Adds the part that helps most, as long as one helps. */
  private Choice extend(Choice begin) {
    Choice best = begin;
    while (best.fields().size() < MAX_PARTS) {
      Choice next = null;
      for (FieldProfile field : candidates) {
        if (!best.fields().contains(field.path()) && !field.isConstant()) {
          List<String> parts = new ArrayList<>(best.fields());
          parts.add(field.path());
          Choice candidate = choice(begin.usesRecordKey(), parts);
          boolean isPossible = candidate.quality().perSeries() >= MIN_OBSERVATIONS;
          if (isPossible && (next == null || gain(next, candidate) > 0.01)) {
            next = candidate;
          }
        }
      }
      if (next == null || gain(best, next) < MIN_GAIN) {
        return best;
      }
      best = next;
    }
    return best;
  }

  private static double gain(Choice before, Choice after) {
    return before.quality().score() - after.quality().score();
  }

  private Choice choice(boolean usesRecordKey, List<String> fields) {
    return new Choice(usesRecordKey, fields, quality(usesRecordKey, fields));
  }

  private Quality quality(boolean usesRecordKey, List<String> fields) {
    Map<List<@Nullable String>, Map<Long, String>> series = new LinkedHashMap<>();
    int conflicts = 0;
    int repeats = 0;
    for (Point point : points) {
      List<@Nullable String> name = new ArrayList<>();
      name.add(usesRecordKey ? point.row().key() : "");
      name.add(point.field());
      fields.forEach(field -> name.add(point.row().fields().get(field)));
      String before =
          series
              .computeIfAbsent(name, absent -> new HashMap<>())
              .putIfAbsent(point.timestampMs(), point.value());
      if (before != null) {
        boolean isRepeat = before.equals(point.value());
        repeats += isRepeat ? 1 : 0;
        conflicts += isRepeat ? 0 : 1;
      }
    }
    double kept = points.size() - repeats - conflicts;
    return new Quality(
        points.isEmpty() ? 0 : (double) conflicts / points.size(),
        points.isEmpty() ? 0 : (double) repeats / points.size(),
        irregular(series.values()),
        series.isEmpty() ? 0 : kept / series.size());
  }

  private static double irregular(Iterable<Map<Long, String>> series) {
    List<Long> distances = new ArrayList<>();
    for (Map<Long, String> s : series) {
      long[] times = s.keySet().stream().mapToLong(Objects::requireNonNull).sorted().toArray();
      for (int i = 1; i < times.length; i++) {
        distances.add(times[i] - times[i - 1]);
      }
    }
    if (distances.isEmpty()) {
      return 1;
    }
    long[] sorted = distances.stream().mapToLong(Long::longValue).sorted().toArray();
    double usual = sorted[sorted.length / 2];
    long odd = Arrays.stream(sorted).filter(distance -> isOdd(distance / usual)).count();
    return (double) odd / sorted.length;
  }

  private static boolean isOdd(double ratio) {
    return ratio < 0.9 || Math.abs(ratio - Math.rint(ratio)) > 0.1;
  }
}
