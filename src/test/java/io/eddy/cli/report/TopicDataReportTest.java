package io.eddy.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.cli.terminal.Console;
import io.eddy.dataset.Dataset;
import io.eddy.kafka.history.TopicHistory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

final class TopicDataReportTest {
  private static List<String> print(Map<String, Long> rejected, long roundedIntegers) {
    StringWriter err = new StringWriter();
    TopicDataReport.print(
        new Console(
            new PrintWriter(Writer.nullWriter()), new PrintWriter(err), CommandSpec.create()),
        "readings",
        new TopicHistory.Result(
            new Dataset(List.of(), "topic readings"), 10, rejected, roundedIntegers));
    return err.toString().lines().toList();
  }

  @Test
  void printsNothingIfAllValuesWereRead() {
    assertThat(print(Map.of(), 0)).isEmpty();
  }

  @Test
  void printsRejectionsByReason() {
    assertThat(print(Map.of("b", 2L, "a", 2L, "c", 3L), 0))
        .containsExactly("topic readings: rejected 7 events", "  3: c", "  2: a", "  2: b");
  }

  @Test
  void warnsOfRoundedIntegers() {
    assertThat(print(Map.of(), 1200))
        .containsExactly(
            "WARNING: topic readings: 1,200 integers beyond ±2^53 are rounded to 53 bits; they may"
                + " be identifiers and no values");
  }
}
