package io.eddy.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The number of rows and columns of a terminal. */
public record TerminalSize(int rows, int columns) {
  private static final TerminalSize DEFAULT = new TerminalSize(24, 80);
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5}) (\\d{1,5})");
  private static final File TERMINAL = new File("/dev/tty");

  /**
   * Returns the current size: that of the controlling terminal, or else that of the variables LINES
   * and COLUMNS, or 24 rows of 80 columns.
   */
  public static TerminalSize current() {
    return of(TERMINAL.exists() ? stty() : "", System.getenv("LINES"), System.getenv("COLUMNS"));
  }

  static TerminalSize of(String stty, @Nullable String lines, @Nullable String columns) {
    Matcher size = SIZE.matcher(stty.strip());
    boolean isKnown = size.matches();
    return new TerminalSize(
        positive(isKnown ? size.group(1) : lines, DEFAULT.rows),
        positive(isKnown ? size.group(2) : columns, DEFAULT.columns));
  }

  private static int positive(@Nullable String text, int defaultValue) {
    int value = text != null && text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    return value > 0 ? value : defaultValue;
  }

  /** Returns the output of {@code stty size}; empty if it fails. */
  private static String stty() {
    try {
      Process process =
          new ProcessBuilder("stty", "size")
              .redirectInput(TERMINAL)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return process.waitFor(1, TimeUnit.SECONDS) && process.exitValue() == 0 ? output : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
