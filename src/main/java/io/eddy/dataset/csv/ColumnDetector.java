package io.eddy.dataset.csv;

import io.eddy.dataset.csv.ColumnContents.Kind;
import io.eddy.series.InvalidRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the columns of series, time and value: those that the options name, then those with a usual
 * name, then by their contents. Whatever fits several columns is rejected.
 */
final class ColumnDetector {
  private static final Set<String> SERIES =
      Set.of(
          "series",
          "series_id",
          "series_name",
          "unique_id",
          "item_id",
          "ts_id",
          "timeseries_id",
          "time_series_id");
  private static final Set<String> TIMES =
      Set.of(
          "timestamp",
          "ds",
          "date",
          "time",
          "datetime",
          "date_time",
          "date time",
          "date/time",
          "ts",
          "_time",
          "time_stamp",
          "event_time",
          "timestamp_ms",
          "timestamp_s",
          "epoch",
          "epoch_ms",
          "unixtime",
          "unix_time");

  /** Names of columns that hold times if no other column does. */
  private static final Set<String> OTHER_TIMES =
      Set.of(
          "year",
          "month",
          "week",
          "quarter",
          "period",
          "day",
          "zeit",
          "zeitstempel",
          "datum",
          "fecha",
          "horodatage",
          "tijd");

  private static final Set<String> VALUES = Set.of("value", "y", "target", "val", "_value");
  private static final Set<String> DATES = Set.of("date", "datum", "day", "tag");
  private static final Set<String> TIMES_OF_DAY =
      Set.of("time", "zeit", "uhrzeit", "hour", "time_of_day");

  /** Names that often are those of a column of series, by their last word. */
  private static final Pattern SERIES_LIKE =
      Pattern.compile(
          "(?i)(.*[_ .-])?(id|uuid|name|key|code|no|nr|nbr|number|sensor|device|station|meter|host"
              + "|machine|store|shop|item|product|sku|family|category|location|site|region|country"
              + "|state|city|symbol|ticker|group|variable|metric|measurement|field|tag|channel"
              + "|customer|client|house|building|room|zone)|(?-i:.*[a-z](Id|ID))");

  /** Columns of time and value that are named together. */
  private record Convention(String series, String time, String value) {}

  private static final List<Convention> CONVENTIONS =
      List.of(
          new Convention("series", "timestamp", "value"),
          new Convention("unique_id", "ds", "y"),
          new Convention("item_id", "timestamp", "target"),
          new Convention("", "_time", "_value"));

  private static final Pattern PLAIN_OPTION = Pattern.compile("[\\w.:,=+/-]+");

  private final CsvDialect dialect;
  private final CsvHeader header;
  private final ColumnOptions options;
  private final List<ColumnContents> contents = new ArrayList<>();
  private final List<Integer> free;

  private ColumnDetector(CsvDialect dialect, ColumnOptions options, List<String> covariates) {
    this.dialect = dialect;
    this.options = options;
    header = dialect.header();
    for (int column = 0; column < header.names().size(); column++) {
      contents.add(ColumnContents.of(dialect.sample(), column));
    }
    free = CsvDialect.all(header);
    covariates.forEach(name -> free.remove(Integer.valueOf(header.column(name))));
  }

  /**
   * Returns the columns.
   *
   * @param covariates columns that hold covariates
   * @throws InvalidRecordException if they cannot be told; the message names the option
   */
  static CsvLayout detect(CsvDialect dialect, ColumnOptions options, List<String> covariates) {
    return new ColumnDetector(dialect, options, covariates).detect();
  }

  private CsvLayout detect() {
    List<Integer> series = stated(options.series());
    List<Integer> times = stated(options.timestamp());
    List<Integer> values =
        ColumnOptions.ALL.equals(options.value()) ? List.of() : stated(options.value());
    free.removeIf(this::isRowNumber);
    if (times.isEmpty()) {
      times = take(times());
    }
    if (values.isEmpty() && !ColumnOptions.ALL.equals(options.value())) {
      values = take(named(VALUES, "value"));
    }
    if (series.isEmpty()) {
      series = take(named(SERIES, "series"));
    }
    if (values.isEmpty()) {
      values = take(values(series, times));
    }
    List<Integer> constant = List.of();
    if (series.isEmpty() && !options.isStated() && options.value() == null) {
      requireNoSeriesColumn(times, values);
      constant = matching(this::isLikelySeries);
    }
    requireOneName(series, values);
    if (values.size() > 1) {
      values.forEach(column -> header.column(header.names().get(column)));
    }
    return new CsvLayout(series, times, values, constant, options.isStated());
  }

  /** Returns the columns that an option names, and takes them. */
  private List<Integer> stated(@Nullable String names) {
    List<Integer> columns = new ArrayList<>();
    if (names == null) {
      return columns;
    }
    if (header.has(names)) {
      columns.add(header.column(names));
    } else {
      for (String name : names.split("\\+", -1)) {
        columns.add(column(name.strip()));
      }
    }
    return take(columns);
  }

  /** Returns the column of a name, or else at a position. */
  private int column(String name) {
    boolean isPosition = !header.has(name) && name.matches("#?[1-9]\\d{0,3}");
    int position = isPosition ? Integer.parseInt(name.replace("#", "")) : 0;
    return isPosition && position <= header.names().size() ? position - 1 : header.column(name);
  }

  private List<Integer> take(List<Integer> columns) {
    for (Integer column : columns) {
      if (!free.remove(column)) {
        throw new InvalidRecordException(
            "%s%s: column %s is named twice: as series, time, value or covariate; see --columns",
            header.file(), header.where(), header.name(column));
      }
    }
    return columns;
  }

  private boolean isRowNumber(int column) {
    String name = header.names().get(column);
    return contents.get(column).isRowNumber()
        && (name.isEmpty() || name.startsWith("Unnamed:") || name.equals("rownames"));
  }

  private List<Integer> times() {
    List<Integer> pair = dateAndTime();
    if (!pair.isEmpty()) {
      return pair;
    }
    List<Integer> named = named(TIMES, "time");
    if (!named.isEmpty()) {
      return named;
    }
    List<Integer> found = matching(column -> contents.get(column).kind() == Kind.TIME);
    if (found.isEmpty()) {
      found = named(OTHER_TIMES, "time");
    }
    if (found.size() == 1) {
      return found;
    }
    throw ambiguous(
        found.isEmpty()
            ? "no column of times was recognised (if another line has the column names, give"
                + " --header-line)"
            : "times are in the columns " + list(found),
        List.of(),
        List.of());
  }

  /** Returns a column of dates and one of times of day; empty if they are not two. */
  private List<Integer> dateAndTime() {
    List<Integer> clocks =
        matching(
            column ->
                contents.get(column).kind() == Kind.TIME_OF_DAY
                    && (TIMES_OF_DAY.contains(lower(column))
                        || header.names().get(column).isEmpty()
                        || lower(column).contains("time")));
    List<Integer> dates =
        matching(
            column ->
                contents.get(column).kind() == Kind.TIME
                    && (DATES.contains(lower(column)) || lower(column).contains("date")));
    return clocks.size() == 1 && dates.size() == 1
        ? List.of(dates.get(0), clocks.get(0))
        : List.of();
  }

  /** Returns the column that has one of the usual names; empty if none has. */
  private List<Integer> named(Set<String> names, String role) {
    List<Integer> found = matching(column -> names.contains(lower(column)));
    if (found.size() < 2) {
      return found;
    }
    found.forEach(column -> header.column(header.names().get(column)));
    List<Convention> known = CONVENTIONS.stream().filter(this::isComplete).toList();
    List<Convention> exact =
        known.size() > 1 ? known.stream().filter(this::isExact).toList() : known;
    if (exact.size() == 1) {
      Convention convention = exact.get(0);
      List<Integer> chosen =
          found.stream()
              .filter(
                  column ->
                      Set.of(convention.series(), convention.time(), convention.value())
                          .contains(lower(column)))
              .toList();
      if (chosen.size() == 1) {
        return chosen;
      }
    }
    throw ambiguous(
        "the %s may be in the columns %s".formatted(role, list(found)), List.of(), List.of());
  }

  private boolean isComplete(Convention convention) {
    List<String> names = header.names().stream().map(ColumnDetector::lower).toList();
    return names.contains(convention.time()) && names.contains(convention.value());
  }

  private boolean isExact(Convention convention) {
    return header.names().containsAll(List.of(convention.series(), convention.time()));
  }

  /** Returns the columns of values by their contents. */
  private List<Integer> values(List<Integer> series, List<Integer> times) {
    if (ColumnOptions.ALL.equals(options.value())) {
      return List.copyOf(free);
    }
    List<Integer> numbers = matching(column -> contents.get(column).kind() == Kind.NUMBER);
    if (numbers.size() == 1) {
      return numbers;
    }
    if (numbers.isEmpty()) {
      throw ambiguous(
          dialect.sample().isEmpty() ? "there are no lines of data" : "no column has numbers",
          series,
          times);
    }
    boolean isWide =
        series.isEmpty()
            && free.stream().noneMatch(this::isSeriesLike)
            && free.stream().noneMatch(column -> contents.get(column).kind() == Kind.TEXT);
    if (isWide) {
      return List.copyOf(free);
    }
    throw ambiguous("the value may be in the columns " + list(numbers), series, times);
  }

  /** Rejects the name of an only series for a file of several. */
  private void requireOneName(List<Integer> series, List<Integer> values) {
    if (options.names().only() != null && (!series.isEmpty() || values.size() > 1)) {
      throw new InvalidRecordException(
          "%s%s: --series-name names the only series of a file, but %s",
          header.file(),
          header.where(),
          series.isEmpty()
              ? "each of the columns %s is a series".formatted(list(values))
              : "the series are named by column " + CsvLayout.names(header, series));
    }
  }

  /** Rejects columns that probably tell series apart. */
  private void requireNoSeriesColumn(List<Integer> times, List<Integer> values) {
    List<Integer> likely =
        matching(column -> contents.get(column).isVarying() && isLikelySeries(column));
    if (!likely.isEmpty()) {
      throw new InvalidRecordException(
          "%s%s: %s",
          header.file(),
          header.where(),
          severalSeries(header, likely, new CsvLayout(List.of(), times, values, List.of(), false)));
    }
  }

  /** Returns what to do if columns that are not read may tell series apart. */
  static String severalSeries(CsvHeader header, List<Integer> likely, CsvLayout layout) {
    return "the column%s %s may tell series apart. Name the columns: --columns %s; or %s for one series"
        .formatted(
            likely.size() == 1 ? "" : "s",
            CsvLayout.names(header, likely).replace("+", ", "),
            example(header, likely, layout.times(), layout.values()),
            example(header, List.of(), layout.times(), layout.values()));
  }

  /** Returns whether a column probably has names of series. */
  private boolean isLikelySeries(int column) {
    ColumnContents content = contents.get(column);
    return content.kind() != Kind.TIME
        && !content.isDistinct()
        && (content.kind() == Kind.TEXT || isSeriesLike(column));
  }

  private boolean isSeriesLike(int column) {
    return SERIES_LIKE.matcher(header.names().get(column)).matches()
        && !contents.get(column).isDistinct();
  }

  private List<Integer> matching(Predicate<Integer> condition) {
    return new ArrayList<>(free.stream().filter(condition).toList());
  }

  private String lower(int column) {
    return lower(header.names().get(column));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private String list(List<Integer> columns) {
    return String.join(", ", columns.stream().map(header::name).toList());
  }

  private InvalidRecordException ambiguous(
      String problem, List<Integer> series, List<Integer> times) {
    List<Integer> likelySeries = series.isEmpty() ? matching(this::isLikelySeries) : series;
    List<Integer> likelyTimes =
        times.isEmpty() ? matching(column -> contents.get(column).kind() == Kind.TIME) : times;
    List<Integer> named = matching(column -> VALUES.contains(lower(column)));
    List<Integer> likelyValues =
        named.isEmpty()
            ? matching(
                column ->
                    contents.get(column).kind() == Kind.NUMBER
                        && !contents.get(column).isRowNumber()
                        && !likelySeries.contains(column))
            : named;
    return new InvalidRecordException(
        "%s%s: %s; the header is %s. Name the columns, for example --columns %s",
        header.file(),
        header.where(),
        problem,
        header.describe(),
        example(header, likelySeries, first(likelyTimes), first(likelyValues)));
  }

  private static List<Integer> first(List<Integer> columns) {
    return columns.isEmpty() ? columns : columns.subList(0, 1);
  }

  private static String example(
      CsvHeader header, List<Integer> series, List<Integer> times, List<Integer> values) {
    String option =
        (series.isEmpty() ? "" : "series=" + reference(header, series) + ",")
            + "timestamp="
            + reference(header, times)
            + ",value="
            + reference(header, values);
    return PLAIN_OPTION.matcher(option).matches() ? option : "'" + option + "'";
  }

  private static String reference(CsvHeader header, List<Integer> columns) {
    return columns.isEmpty()
        ? "COLUMN"
        : String.join(
            "+",
            columns.stream()
                .map(
                    column ->
                        header.names().get(column).isEmpty()
                            ? Integer.toString(column + 1)
                            : header.names().get(column))
                .toList());
  }
}
