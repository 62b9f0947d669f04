package io.eddy.bench.campaign;

import java.util.List;
import java.util.Locale;

/**
 * A fault of a schedule.
 *
 * @param atMs begin, counted from the begin of the load
 * @param target {@code instance-1}, {@code broker-2}, {@code controller} or {@code cluster}
 * @param peer the other end of a network fault, otherwise {@code -}
 * @param lengthMs time until it is healed
 * @param seed of what the fault itself chooses, for example a file
 */
record Fault(FaultKind kind, long atMs, String target, String peer, long lengthMs, long seed) {
  static final String NONE = "-";
  static final String HEADER = "at_s,kind,target,peer,length_s,seed";

  private static final int COLUMNS = 6;

  /** Returns the line of a schedule file. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%.3f,%s,%s,%s,%.3f,%d",
        atMs / 1e3,
        kind.id(),
        target,
        peer,
        lengthMs / 1e3,
        seed);
  }

  /**
   * Parses a line of a schedule file.
   *
   * @throws IllegalArgumentException if it is invalid
   */
  static Fault parse(String line) {
    List<String> cells = List.of(line.strip().split(",", -1));
    if (cells.size() != COLUMNS) {
      throw new IllegalArgumentException(
          "expected %d columns (%s), got \"%s\"".formatted(COLUMNS, HEADER, line));
    }
    try {
      return new Fault(
          FaultKind.of(cells.get(1)),
          Math.round(1e3 * Double.parseDouble(cells.get(0))),
          cells.get(2),
          cells.get(3),
          Math.round(1e3 * Double.parseDouble(cells.get(4))),
          Long.parseLong(cells.get(5)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("expected a number in \"%s\"".formatted(line), e);
    }
  }

  /** Returns a description for progress lines. */
  String describe() {
    String other = peer.equals(NONE) ? "" : " from " + peer;
    return String.format(
        Locale.ROOT, "%s of %s%s for %.1f s", kind.id(), target, other, lengthMs / 1e3);
  }
}
