package io.eddy.cli.terminal;

import java.io.PrintWriter;
import java.util.List;

/** Lines at the bottom of a terminal that are redrawn in place. */
public final class Screen {
  private static final String CLEAR_TO_END_OF_LINE = "\033[K";
  private static final String CLEAR_BELOW = "\033[J";

  private final PrintWriter out;
  private int drawn;

  public Screen(PrintWriter out) {
    this.out = out;
  }

  /** Returns whether standard output is a terminal. The launcher knows it. */
  public static boolean isTerminal() {
    return Boolean.getBoolean("eddy.terminal.output");
  }

  /**
   * Replaces the lines.
   *
   * @param lines none wider than the terminal, and fewer than its rows
   */
  public void draw(List<String> lines) {
    StringBuilder frame = new StringBuilder();
    if (drawn > 0) {
      frame.append("\r\033[").append(drawn).append('A');
    }
    for (String line : lines) {
      frame.append(line).append(CLEAR_TO_END_OF_LINE).append('\n');
    }
    frame.append(CLEAR_BELOW);
    drawn = lines.size();
    out.print(frame);
    out.flush();
  }
}
