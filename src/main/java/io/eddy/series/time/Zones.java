package io.eddy.series.time;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Time zones by name. */
public final class Zones {
  private static final int MAX_DISTANCE = 3;

  private Zones() {}

  /**
   * Returns the zone of an IANA name such as {@code Europe/Paris}, {@code UTC}, or an offset such
   * as {@code +01:00}.
   *
   * @throws IllegalArgumentException if no such zone exists; the message proposes a similar name
   */
  public static ZoneId of(String name) {
    String stripped = name.strip();
    try {
      return ZoneId.of(stripped);
    } catch (DateTimeException e) {
      String similar = similar(stripped);
      throw new IllegalArgumentException(
          similar == null
              ? "unknown time zone '%s': expected an IANA name such as Europe/Paris, UTC, or an"
                      .formatted(name)
                  + " offset such as +01:00"
              : "unknown time zone '%s'; did you mean %s?".formatted(name, similar),
          e);
    }
  }

  /** Returns the name of a zone that a wrong name is similar to; null if none exists. */
  public static @Nullable String similar(String name) {
    String wanted = normalized(name);
    return ZoneId.getAvailableZoneIds().stream()
        .filter(id -> distance(wanted, id) <= MAX_DISTANCE)
        .min(
            Comparator.<String>comparingInt(id -> distance(wanted, id))
                .thenComparing(id -> id.indexOf('/') < 0)
                .thenComparing(Comparator.naturalOrder()))
        .orElse(null);
  }

  /** Returns the distance of a name from an id or from its last part. */
  private static int distance(String wanted, String id) {
    String whole = normalized(id);
    String city = whole.substring(whole.lastIndexOf('/') + 1);
    int limit = Math.min(MAX_DISTANCE, Math.max(0, wanted.length() / 3 - 1));
    int distance = Math.min(edits(wanted, whole), wanted.equals(city) ? 0 : edits(wanted, city));
    return distance <= limit ? distance : MAX_DISTANCE + 1;
  }

  private static String normalized(String name) {
    return name.toLowerCase(Locale.ROOT).replace(' ', '_');
  }

  private static int edits(String a, String b) {
    if (Math.abs(a.length() - b.length()) > MAX_DISTANCE) {
      return MAX_DISTANCE + 1;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
