package io.eddy.bench.stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.terminal.Console;

/** Prints the result of a restore as text or JSON. */
public final class RestoreReport {
  private static final double MIB = 1 << 20;

  private final RestoreBenchmark.Result result;

  public RestoreReport(RestoreBenchmark.Result result) {
    this.result = result;
  }

  /** Prints the result in a few lines. */
  public void print(Console console) {
    console.println(
        "start to first commit: %.1f s with the state, %.1f s with an empty state directory",
        result.warmSeconds(), result.restoreSeconds());
    console.println(
        "restored %,d series, %,.0f per second; changelogs %,.1f MiB, state directory %,.1f MiB",
        result.keys(),
        result.keysPerSecond(),
        result.changelogBytes() / MIB,
        result.stateBytes() / MIB);
  }

  /** Returns the result as JSON. */
  public ObjectNode json() {
    return new ObjectMapper()
        .createObjectNode()
        .put("keys", result.keys())
        .put("warmSeconds", result.warmSeconds())
        .put("restoreSeconds", result.restoreSeconds())
        .put("keysPerSecond", result.keysPerSecond())
        .put("changelogBytes", result.changelogBytes())
        .put("stateBytes", result.stateBytes());
  }
}
