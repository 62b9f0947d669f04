package io.eddy.cli.terminal;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Shows progress and the remaining time on standard error: as a bar if it is a terminal, otherwise
 * as a line every ten seconds. Thread-safe.
 */
public final class ProgressBar implements AutoCloseable {
  private static final int WIDTH = 24;
  private static final long TERMINAL_PERIOD_NS = 100_000_000L;
  private static final long LINE_PERIOD_NS = 10_000_000_000L;

  private static final double MIN_SECONDS_FOR_ESTIMATE = 3;
  private static final double MIN_SHARE_FOR_ESTIMATE = 0.02;

  private final PrintWriter err;
  private final String label;
  private final boolean isTerminal = Boolean.getBoolean("eddy.terminal");
  private final long beginNs = System.nanoTime();
  private long lastShownNs = beginNs;
  private boolean isShown;
  private boolean isClosed;

  /**
   * Creates a progress bar.
   *
   * @param label name of the activity
   */
  public ProgressBar(PrintWriter err, String label) {
    this.err = err;
    this.label = label;
  }

  /**
   * Updates the progress. Most calls print nothing: updates are limited to ten per second.
   *
   * @param detail text after the percentage
   */
  public synchronized void show(long done, long total, String detail) {
    long now = System.nanoTime();
    if (isClosed || now - lastShownNs < (isTerminal ? TERMINAL_PERIOD_NS : LINE_PERIOD_NS)) {
      return;
    }
    lastShownNs = now;
    double share = total == 0 ? 1 : (double) done / total;
    String line =
        String.format(Locale.ROOT, "%s %3.0f %%  %s", label, 100 * share, detail)
            + left((now - beginNs) * 1e-9, share);
    if (isTerminal) {
      int filled = (int) (share * WIDTH);
      err.print("\r\033[K[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + line);
      isShown = true;
    } else {
      err.println(line);
    }
    err.flush();
  }

  /**
   * Returns the remaining time, or an empty text while too little is done for an estimate: the
   * first updates are slow, because the JVM has yet to compile them.
   */
  static String left(double seconds, double share) {
    return seconds < MIN_SECONDS_FOR_ESTIMATE || share < MIN_SHARE_FOR_ESTIMATE
        ? ""
        : "  %s left".formatted(time(seconds * (1 - share) / share));
  }

  /** Removes the bar from the terminal. */
  synchronized void clear() {
    if (isShown) {
      err.print("\r\033[K");
      err.flush();
      isShown = false;
    }
  }

  /** Removes the bar; later updates print nothing. */
  @Override
  public synchronized void close() {
    isClosed = true;
    clear();
  }

  /** Formats a duration, for example {@code 2 min 05 s}. */
  public static String time(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60 ? whole + " s" : "%d min %02d s".formatted(whole / 60, whole % 60);
  }
}
