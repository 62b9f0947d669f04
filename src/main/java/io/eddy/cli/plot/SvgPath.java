package io.eddy.cli.plot;

import java.util.Locale;

/** Builds the {@code d} attribute of an SVG path of straight lines. */
final class SvgPath {
  private final StringBuilder commands = new StringBuilder();
  private boolean isInterrupted = true;

  /**
   * Adds a line to a point; the first point, and the first after an interruption, starts a new
   * line.
   */
  void add(double x, double y) {
    commands.append(String.format(Locale.ROOT, "%s%.1f %.1f", isInterrupted ? "M" : "L", x, y));
    isInterrupted = false;
  }

  /** Leaves a gap before the next point. A point between two gaps is drawn as a dot. */
  void interrupt() {
    int last = commands.lastIndexOf("M");
    if (!isInterrupted && commands.indexOf("L", last) < 0) {
      commands.append("h0");
    }
    isInterrupted = true;
  }

  /** Closes the path. */
  void close() {
    if (!commands.isEmpty()) {
      commands.append('Z');
    }
  }

  boolean isEmpty() {
    return commands.isEmpty();
  }

  @Override
  public String toString() {
    return commands.toString();
  }
}
