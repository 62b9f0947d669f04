package io.eddy.dataset.csv;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Columns of a CSV file. What is null is detected. Several columns are joined by {@code +}.
 *
 * @param series columns whose texts make the name of the series
 * @param timestamp columns with the time, or with date and time
 * @param value column with the value; each of several is a series of its own, and {@code *} stands
 *     for all other columns
 * @param names names of series
 */
public record ColumnOptions(
    @Nullable String series, @Nullable String timestamp, @Nullable String value, Names names) {
  /** All columns but those named otherwise. */
  static final String ALL = "*";

  private static final List<String> ROLES = List.of("series", "timestamp", "value");
  private static final Pattern NEXT_ROLE = Pattern.compile(",\\s*(?=\\w+\\s*=)");

  /**
   * Names of series.
   *
   * @param only name of the series if no column has it; null for the name of the file
   * @param separator joins the parts of a name
   */
  public record Names(@Nullable String only, String separator) {
    /** The name of the file, and a slash. */
    public static final Names DEFAULT = new Names(null, "/");
  }

  /** Detects all columns. */
  public static final ColumnOptions DETECT = new ColumnOptions(null, null, null, Names.DEFAULT);

  /**
   * Returns the columns of an option such as {@code series=store+item,timestamp=date,value=sales}.
   *
   * @throws IllegalArgumentException if it has another form
   */
  public static ColumnOptions parse(String text, Names names) {
    Map<String, String> roles = new LinkedHashMap<>();
    for (String part : NEXT_ROLE.split(text, -1)) {
      int equals = part.indexOf('=');
      String role = equals < 0 ? "" : part.substring(0, equals).strip();
      String column = part.substring(equals + 1).strip();
      if (equals < 0 || column.isEmpty()) {
        throw new IllegalArgumentException(
            "expected series=COLUMN,timestamp=COLUMN,value=COLUMN, got '%s'".formatted(text));
      }
      if (!ROLES.contains(role)) {
        throw new IllegalArgumentException(
            "unknown part '%s': expected series, timestamp or value".formatted(role));
      }
      if (roles.put(role, column) != null) {
        throw new IllegalArgumentException(
            "%s occurs twice; join several columns by +, as in %s=a+b".formatted(role, role));
      }
    }
    return new ColumnOptions(
        roles.get("series"), roles.get("timestamp"), roles.get("value"), names);
  }

  /** Returns whether neither the time nor the value is left to detection. */
  boolean isStated() {
    return timestamp != null && value != null;
  }
}
