package io.eddy.cli.terminal;

import java.io.PrintWriter;
import java.io.Writer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the lines of standard error to the log, so that all of it is JSON if the log is. Lines
 * that begin with {@code eddy:} are errors, those with {@code warning:} warnings.
 */
public final class LogWriter extends Writer {
  /** Variable that selects the format of the log: plain, the default, or json. */
  public static final String VARIABLE = "EDDY_LOG_FORMAT";

  private static final String ERROR = "eddy: ";
  private static final String CLEAR_LINE = "\033[K";
  private static final String WARNING = "warning: ";

  private final StringBuilder line = new StringBuilder();

  private LogWriter() {}

  /** Returns a writer of standard error. */
  public static PrintWriter create() {
    return new PrintWriter(new LogWriter(), true);
  }

  @Override
  public void write(char[] buffer, int offset, int length) {
    synchronized (line) {
      for (int i = offset; i < offset + length; i++) {
        if (buffer[i] == '\n') {
          log(line.toString().replace(CLEAR_LINE, "").strip());
          line.setLength(0);
        } else if (buffer[i] == '\r') {
          line.setLength(0);
        } else {
          line.append(buffer[i]);
        }
      }
    }
  }

  /** Logs a line. The logger is created late, because commands set its default level first. */
  private static void log(String text) {
    Logger log = LoggerFactory.getLogger(LogWriter.class);
    if (text.startsWith(ERROR)) {
      log.error("{}", text.substring(ERROR.length()));
    } else if (text.startsWith(WARNING)) {
      log.warn("{}", text.substring(WARNING.length()));
    } else if (!text.isEmpty()) {
      log.info("{}", text);
    }
  }

  @Override
  public void flush() {
    // A line is logged once it is complete.
  }

  @Override
  public void close() {
    write(new char[] {'\n'}, 0, 1);
  }
}
