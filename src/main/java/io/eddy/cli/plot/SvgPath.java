package io.eddy.cli.plot;

import java.util.Locale;

/** Builds the {@code d} attribute of an SVG path of straight lines. */
final class SvgPath {
  private final StringBuilder commands = new StringBuilder();

  /** Adds a line to a point; the first point starts the path. */
  void add(double x, double y) {
    commands.append(
        String.format(Locale.ROOT, "%s%.1f %.1f", commands.isEmpty() ? "M" : "L", x, y));
  }

  /** Closes the path. */
  void close() {
    commands.append('Z');
  }

  boolean isEmpty() {
    return commands.isEmpty();
  }

  @Override
  public String toString() {
    return commands.toString();
  }
}
