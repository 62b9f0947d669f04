package io.eddy.kafka.event;

import io.eddy.admission.DecodedEvent;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import io.eddy.series.time.InvalidTimestampException;
import io.eddy.series.time.TimestampCounts;
import io.eddy.series.time.TimestampReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The mapped fields of one event, filled by a format's reader and reused for the next event.
 *
 * <p>An invalid value among several is recorded, and so is any invalid field of a list's element,
 * which costs only the element. Any other invalid field is rejected at once with an {@link
 * InvalidRecordException}.
 */
final class EventFields {
  /** Maximum number of list elements in an event. */
  static final int MAX_ELEMENTS = 10_000;

  private final EventMapping mapping;
  private final TimestampReader times;
  private final SeriesNames names;
  private final int depth;
  private final Element root;
  private final List<Element> rows = new ArrayList<>();
  private final List<Element> withoutRows = new ArrayList<>();
  private final IntFunction<@Nullable String> rootKeys;
  private FutureCovariates ahead = FutureCovariates.NONE;
  private Element current;
  private boolean isWithoutRow;
  private boolean isDeleted;
  private int elements;
  private long roundedIntegers;

  EventFields(EventMapping mapping) {
    this.mapping = mapping;
    times = mapping.time().newReader();
    names = new SeriesNames(mapping.key());
    depth = FieldPath.lists(mapping.values().get(0)).size();
    root = new Element(null, 0);
    current = root;
    rootKeys = root::key;
  }

  /** The fields of an event, or of an element of a list, without those of its lists. */
  private final class Element {
    final @Nullable Element parent;
    final int index;
    final int level;
    final int firstRow = rows.size();
    final @Nullable String[] keys = new String[names.size()];
    final double[] values;
    final ValueState[] states;
    final @Nullable String[] faults;
    final Map<String, Double> covariates = new TreeMap<>();
    boolean hasTime;
    long timestampMs;

    /** Why all values of the element are invalid; null if they are not. */
    @Nullable String fault;

    Element(@Nullable Element parent, int index) {
      this.parent = parent;
      this.index = index;
      level = parent == null ? 0 : parent.level + 1;
      int count = level == depth ? mapping.values().size() : 0;
      values = new double[count];
      states = new ValueState[count];
      faults = new String[count];
      Arrays.fill(states, ValueState.ABSENT);
    }

    void clear() {
      Arrays.fill(keys, null);
      Arrays.fill(states, ValueState.ABSENT);
      covariates.clear();
      hasTime = false;
      fault = null;
    }

    @Nullable String key(int part) {
      return keys[part] != null || parent == null ? keys[part] : parent.key(part);
    }

    /** Returns the innermost element that has a time; null if none has one. */
    @Nullable Element timed() {
      return hasTime ? this : parent == null ? null : parent.timed();
    }

    @Nullable String anyFault() {
      return fault != null || parent == null ? fault : parent.anyFault();
    }

    Map<String, Double> allCovariates() {
      if (parent == null) {
        return covariates;
      }
      Map<String, Double> all = new TreeMap<>(parent.allCovariates());
      all.putAll(covariates);
      return all;
    }

    boolean hasValue() {
      for (ValueState state : states) {
        if (state == ValueState.PRESENT || state == ValueState.INVALID) {
          return true;
        }
      }
      return false;
    }
  }

  private enum ValueState {
    ABSENT,
    /** Null, NaN, infinite or empty. */
    MISSING,
    PRESENT,
    INVALID
  }

  /** Removes all fields. */
  void clear() {
    root.clear();
    current = root;
    rows.clear();
    withoutRows.clear();
    elements = 0;
    ahead = FutureCovariates.NONE;
    isWithoutRow = false;
    isDeleted = false;
    roundedIntegers = 0;
  }

  /**
   * Begins the next element of a list; all fields belong to it until its end.
   *
   * @param index in the list
   */
  void beginElement(int index) {
    if (++elements > MAX_ELEMENTS) {
      throw new InvalidRecordException("expected at most %d list elements", MAX_ELEMENTS);
    }
    current = new Element(current, index);
  }

  /** Ends the element that was begun last. */
  void endElement() {
    if (current.level == depth) {
      rows.add(current);
    } else if (current.fault != null && rows.size() == current.firstRow) {
      withoutRows.add(current);
    }
    if (current.parent != null) {
      current = current.parent;
    }
  }

  /**
   * Rejects the current element of a list, or the whole event outside of lists.
   *
   * @throws InvalidRecordException if there is no current element
   */
  void reject(InvalidRecordException fault) {
    if (current == root) {
      throw fault;
    }
    current.fault = current.fault == null ? fault.reason() : current.fault;
  }

  /** Rejects the current element of a list although it has no fields. */
  void rejectElement(InvalidRecordException fault) {
    reject(fault);
    if (current.states.length > 0) {
      current.states[0] = ValueState.INVALID;
    }
  }

  void putKey(int index, String part) {
    current.keys[index] = part;
  }

  /** Sets the time in epoch milliseconds. */
  void putTime(long timestampMs) {
    current.hasTime = true;
    current.timestampMs = timestampMs;
  }

  /** Sets the time from text in the mapping's format. */
  void putTime(String field, String text) {
    try {
      putTime(times.ofText(text));
    } catch (InvalidTimestampException e) {
      throw invalidTime(field, e, text);
    }
  }

  /** Sets the time from a whole number in the mapping's format. */
  void putTime(String field, long number) {
    try {
      putTime(times.ofInteger(number));
    } catch (InvalidTimestampException e) {
      throw invalidTime(field, e, number);
    }
  }

  /** Sets the time from a number with a fraction in the mapping's format. */
  void putTime(String field, double number) {
    try {
      putTime(times.ofFraction(number));
    } catch (InvalidTimestampException e) {
      throw invalidTime(field, e, number);
    }
  }

  /** Sets the time from a number whose type tells what it means. */
  void putTime(String field, long number, LogicalTime type) {
    try {
      putTime(type.read(field, number, times));
    } catch (InvalidTimestampException e) {
      throw invalidTime(field, e, number);
    }
  }

  private static InvalidRecordException invalidTime(
      String field, InvalidTimestampException e, Object content) {
    return new InvalidRecordException("field %s: %s", field, e.reason())
        .because("the field holds " + content);
  }

  /** Returns the exception for a field of another type. */
  InvalidRecordException noTime(String field, String type) {
    return new InvalidRecordException(
        "field %s: expected %s, got %s", field, times.format().description(), type);
  }

  /** Returns the counts of the times read so far. */
  TimestampCounts timestampCounts() {
    return times.counts();
  }

  /** Sets a value; NaN means that it is missing. */
  void putValue(int index, double value) {
    current.values[index] = value;
    current.states[index] = Double.isNaN(value) ? ValueState.MISSING : ValueState.PRESENT;
  }

  /** Records an invalid value; throws the fault if the event has only one value. */
  void putFault(int index, InvalidRecordException fault) {
    if (!mapping.hasSeveralValues()) {
      throw fault;
    }
    current.states[index] = ValueState.INVALID;
    current.faults[index] = fault.reason();
  }

  /** Sets a covariate; NaN removes it. */
  void putCovariate(String name, double value) {
    if (Double.isNaN(value)) {
      current.covariates.remove(name);
    } else if (!Observation.isInRange(value)) {
      throw new InvalidRecordException("%s: expected a number within ±1e35", name).got(value);
    } else {
      current.covariates.put(name, value);
    }
  }

  /** Counts an integer that was rounded, because a float64 cannot hold it. */
  void countRounded() {
    roundedIntegers++;
  }

  /** Returns how many integers of the event were rounded; resets the number. */
  long takeRoundedIntegers() {
    long taken = roundedIntegers;
    roundedIntegers = 0;
    return taken;
  }

  /** Sets the operation of a change event, or the mark of a deleted row. */
  void putChange(FieldPaths.Field field, @Nullable String text) {
    if (field.isDeleted()) {
      isDeleted = "true".equals(text);
    }
    if (field.isOperation()) {
      isWithoutRow = text != null && ChangeEvents.isWithoutRow(text);
    }
  }

  void putAhead(FutureCovariates ahead) {
    this.ahead = ahead;
  }

  /**
   * Builds the decoded event.
   *
   * @param recordKey the record's key
   * @param recordTimestampMs used if the event has no timestamp of its own
   * @throws InvalidRecordException if a required field is missing or invalid
   */
  DecodedEvent toEvent(byte @Nullable [] recordKey, long recordTimestampMs) {
    if (isDeleted || (isWithoutRow && !root.hasValue())) {
      return DecodedEvent.NONE;
    }
    if (depth > 0) {
      return elements(recordKey, recordTimestampMs);
    }
    String key = names.name(recordKey, rootKeys);
    Common common = common(root, recordTimestampMs);
    if (root.values.length > 1) {
      return several(key, common);
    }
    String field = mapping.values().get(0);
    if (root.states[0] != ValueState.PRESENT) {
      throw new InvalidRecordException(
          root.states[0] == ValueState.ABSENT
              ? "field %s is missing: expected a number"
              : "field %s is missing (null, NaN or empty): expected a number",
          field);
    }
    return DecodedEvent.of(common.observation(key, field, root.values[0]));
  }

  private Common common(Element element, long recordTimestampMs) {
    Element timed = element.timed();
    if (timed == null && mapping.time().isRequired()) {
      throw new InvalidRecordException(
          "field %s is missing: expected a timestamp", mapping.time().field());
    }
    Map<String, Double> covariates = element.allCovariates();
    return new Common(
        timed == null ? recordTimestampMs : timed.timestampMs,
        covariates.isEmpty() ? Covariates.NONE : new Covariates(covariates),
        ahead);
  }

  private DecodedEvent several(String key, Common common) {
    common.requireTime();
    Result result = new Result();
    addValues(root, key, common, result);
    if (result.isEmpty()) {
      throw new InvalidRecordException(
          "fields %s are missing: expected a number in at least one",
          String.join(", ", mapping.values()));
    }
    return new DecodedEvent(key, result.observations, result.refused);
  }

  private static final class Result {
    final List<Observation> observations = new ArrayList<>();
    final Map<String, String> refused = new LinkedHashMap<>();

    boolean isEmpty() {
      return observations.isEmpty() && refused.isEmpty();
    }

    void refuse(String series, String reason) {
      refused.merge(
          series, reason, (before, next) -> before.contains(next) ? before : before + "; " + next);
    }
  }

  private void addValues(Element element, String key, Common common, Result result) {
    for (int i = 0; i < element.values.length; i++) {
      String field = mapping.values().get(i);
      String series =
          element.values.length == 1 ? key : mapping.key().withField(key, mapping.valueName(i));
      if (element.states[i] == ValueState.INVALID) {
        result.refuse(series, String.valueOf(element.faults[i]));
      } else if (element.states[i] == ValueState.PRESENT) {
        try {
          result.observations.add(common.observation(series, field, element.values[i]));
        } catch (InvalidRecordException e) {
          result.refuse(series, e.reason());
        }
      }
    }
  }

  /** Builds an event whose values are in the elements of a list. */
  private DecodedEvent elements(byte @Nullable [] recordKey, long recordTimestampMs) {
    Result result = new Result();
    for (Element row : rows) {
      if (row.hasValue()) {
        addElement(row, recordKey, recordTimestampMs, result);
      }
    }
    for (Element element : withoutRows) {
      result.refuse(position(element), String.valueOf(element.fault));
    }
    if (result.isEmpty()) {
      throw new InvalidRecordException(
          mapping.values().size() == 1
              ? "field %s is missing: expected a number in at least one element"
              : "fields %s are missing: expected a number in at least one element",
          String.join(", ", mapping.values()));
    }
    return new DecodedEvent("", result.observations, result.refused);
  }

  private void addElement(
      Element row, byte @Nullable [] recordKey, long recordTimestampMs, Result result) {
    String fault = row.anyFault();
    if (fault != null) {
      result.refuse(position(row), fault);
      return;
    }
    try {
      String key = names.name(recordKey, row::key);
      Common common = common(row, recordTimestampMs);
      common.requireTime();
      addValues(row, key, common, result);
    } catch (InvalidRecordException e) {
      result.refuse(position(row), e.reason());
    }
  }

  /** Returns the position of an element, as in {@code metrics[3]}. */
  private String position(Element element) {
    int[] indexes = new int[element.level];
    for (Element ancestor = element; ancestor.parent != null; ancestor = ancestor.parent) {
      indexes[ancestor.level - 1] = ancestor.index;
    }
    List<String> lists = FieldPath.lists(mapping.values().get(0));
    StringBuilder position = new StringBuilder();
    int from = 0;
    for (int i = 0; i < element.level; i++) {
      String list = lists.get(i);
      position.append(list, from, list.length() - 1).append(indexes[i]).append(']');
      from = list.length();
    }
    return position.toString();
  }

  /** The parts that all observations of an event, or of an element, share. */
  record Common(long timestampMs, Covariates covariates, FutureCovariates ahead) {
    /**
     * Rejects timestamps before 1970 and after the year 9999, which usually are in another unit.
     */
    void requireTime() {
      if (timestampMs > TimestampReader.MAX_MS) {
        throw new InvalidRecordException(
                "timestamp: expected epoch milliseconds up to the year 9999; for other units set"
                    + " events.timestamp-format")
            .got(timestampMs);
      }
      if (timestampMs < 0) {
        throw new InvalidRecordException("timestamp: expected a time from 1970 on")
            .because(timestampMs + " ms");
      }
    }

    Observation observation(String series, String field, double value) {
      requireTime();
      if (!Double.isFinite(value)) {
        throw new InvalidRecordException("%s: expected a finite number", field).got(value);
      }
      if (!Observation.isInRange(value)) {
        throw new InvalidRecordException("%s: expected a number within ±1e35", field).got(value);
      }
      return new Observation(series, timestampMs, value, covariates, ahead);
    }
  }
}
