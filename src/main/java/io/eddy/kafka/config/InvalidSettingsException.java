package io.eddy.kafka.config;

import java.util.List;

/** Thrown if settings are unknown, malformed or contradictory. The message has a line for each. */
public final class InvalidSettingsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception.
   *
   * @param problems at least one; each names the source, the setting and what is expected
   */
  InvalidSettingsException(List<String> problems) {
    super(
        problems.size() == 1
            ? problems.get(0)
            : problems.size() + " invalid settings:\n  " + String.join("\n  ", problems));
  }
}
