package io.eddy.kafka.check;

import io.eddy.kafka.event.EventMapping;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the fields with measured values: numbers that are no time, counter, identifier or
 * constant; if there are none, words of two states.
 */
final class ValueFields {
  private static final double MIN_PRESENT = 0.02;

  private final EventRows rows;
  private final @Nullable String timeField;

  ValueFields(EventRows rows, @Nullable String timeField) {
    this.rows = rows;
    this.timeField = timeField;
  }

  /** Returns the measured fields, otherwise those of states; empty if there are none. */
  List<String> choose() {
    List<String> measured = choose(FieldUse.MEASURED);
    return measured.isEmpty() ? choose(FieldUse.STATE) : measured;
  }

  private List<String> choose(FieldUse use) {
    Collection<FieldProfile> fields = rows.profiles().values();
    List<FieldProfile> measured = new ArrayList<>();
    for (FieldProfile field : fields) {
      if (use(field) == use && field.count() >= MIN_PRESENT * rows.rows().size()) {
        measured.add(field);
      }
    }
    String own =
        rows.list().isEmpty() ? EventMapping.VALUE : rows.list() + '.' + EventMapping.VALUE;
    if (measured.stream().anyMatch(field -> field.path().equals(own))) {
      return List.of(own);
    }
    List<FieldProfile> primary =
        measured.stream().filter(field -> !FieldNames.isDiagnostic(field.path())).toList();
    List<FieldProfile> chosen = certain(primary.isEmpty() ? measured : primary);
    return chosen.stream().map(FieldProfile::path).limit(EventMapping.MAX_VALUES).toList();
  }

  /** Returns the fields that have fractions or the name of a measurement, if there are any. */
  private static List<FieldProfile> certain(List<FieldProfile> fields) {
    List<FieldProfile> certain =
        fields.stream()
            .filter(field -> field.hasFractions() || FieldNames.isMeasured(field.path()))
            .toList();
    return certain.isEmpty() ? fields : certain;
  }

  /** Returns the use of a field. */
  FieldUse use(FieldProfile field) {
    String path = field.path();
    if (path.equals(timeField)
        || (field.time() != null && (FieldNames.timeRank(path) != 0 || field.isClock()))) {
      return FieldUse.TIME;
    }
    if (field.isConstant() && field.count() > 1) {
      return FieldUse.CONSTANT;
    }
    if (!field.isNumeric()) {
      return field.isState() && !path.contains(",") ? FieldUse.STATE : FieldUse.TEXT;
    }
    if (path.contains(",") || FieldNames.timeRank(path) != 0) {
      return FieldUse.OTHER_NUMBER;
    }
    if (FieldNames.isIdentifier(path)) {
      return FieldUse.IDENTIFIER;
    }
    boolean isNamed = FieldNames.isMeasured(path);
    if (!field.hasFractions() && isCounter(field) && !isNamed) {
      return FieldUse.COUNTER;
    }
    return field.isUniqueInteger() && !isNamed ? FieldUse.UNIQUE : FieldUse.MEASURED;
  }

  /** Returns whether a field counts by 1, over all rows or within each value of another field. */
  private boolean isCounter(FieldProfile field) {
    if (field.isCounter()) {
      return true;
    }
    Set<String> groups = new HashSet<>();
    groups.add("");
    rows.profiles()
        .values()
        .forEach(
            other -> {
              boolean isGroup = other.isText() && other.distinctCount() * 5 <= other.count();
              if (isGroup && other.distinctCount() > 1) {
                groups.add(other.path());
              }
            });
    return groups.stream().anyMatch(group -> countsWithin(group, field.path()));
  }

  private boolean countsWithin(String group, String path) {
    Map<String, List<String>> sequences = new HashMap<>();
    for (EventRows.Row row : rows.rows()) {
      String number = row.fields().get(path);
      String name = group.isEmpty() ? String.valueOf(row.key()) : row.fields().get(group);
      if (number != null && name != null) {
        sequences.computeIfAbsent(name, absent -> new ArrayList<>()).add(number);
      }
    }
    return !sequences.isEmpty() && sequences.values().stream().allMatch(FieldProfile::isCounter);
  }
}
