package io.eddy.cli.terminal;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * A progress bar on a terminal's standard error, or a line now and then where there is none. Says
 * how much is done, and the time left. May be shown by several threads.
 */
public final class ProgressBar implements AutoCloseable {
  private static final int WIDTH = 24;
  private static final long TERMINAL_PERIOD_NS = 100_000_000L;
  private static final long LINE_PERIOD_NS = 10_000_000_000L;

  private final PrintWriter err;
  private final String what;
  private final boolean isTerminal = Boolean.getBoolean("eddy.terminal");
  private final long beganNs = System.nanoTime();
  private long shownNs = beganNs;
  private boolean isShown;
  private boolean isClosed;

  public ProgressBar(PrintWriter err, String what) {
    this.err = err;
    this.what = what;
  }

  /** Shows how far it is, if it is time to. */
  public synchronized void show(long done, long total, String detail) {
    long now = System.nanoTime();
    if (isClosed || now - shownNs < (isTerminal ? TERMINAL_PERIOD_NS : LINE_PERIOD_NS)) {
      return;
    }
    shownNs = now;
    double share = total == 0 ? 1 : (double) done / total;
    double leftSeconds = (now - beganNs) * 1e-9 * (1 - share) / Math.max(1e-9, share);
    String line =
        String.format(
            Locale.ROOT, "%s %3.0f %%  %s  %s left", what, 100 * share, detail, time(leftSeconds));
    if (isTerminal) {
      int filled = (int) (share * WIDTH);
      err.print("\r\033[K[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + line);
      isShown = true;
    } else {
      err.println(line);
    }
    err.flush();
  }

  /** Removes the bar, so that a line can be written. */
  synchronized void clear() {
    if (isShown) {
      err.print("\r\033[K");
      err.flush();
      isShown = false;
    }
  }

  /** The same for good: threads that are still at work show nothing any more. */
  @Override
  public synchronized void close() {
    isClosed = true;
    clear();
  }

  public static String time(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60 ? whole + " s" : "%d min %02d s".formatted(whole / 60, whole % 60);
  }
}
