package io.eddy.serving.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The table of metrics in the documentation. MonitoringIT compares it with a scrape.
 *
 * <p>Run this test with {@code -Deddy.update=true} to write the table.
 */
class MetricsDocumentTest {
  private static final Path PAGE = Path.of("src", "docs", "metrics.md");
  private static final String BEGIN = "<!-- generated: the definitions of the metrics -->\n";
  private static final String END = "<!-- end -->\n";

  @Test
  void tableIsUpToDate() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    if (Boolean.getBoolean("eddy.update")) {
      Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
      return;
    }

    assertThat(page.substring(begin, end))
        .as("run this test with -Deddy.update=true")
        .isEqualTo(table());
  }

  private static String table() {
    return Stream.of(EddyMetric.values())
        .map(MetricsDocumentTest::row)
        .collect(
            Collectors.joining(
                "", "| Metric | Type | Labels | Meaning |\n| --- | --- | --- | --- |\n", ""));
  }

  private static String row(EddyMetric metric) {
    String labels =
        metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            metric.scrapedName(),
            metric.type().name().toLowerCase(Locale.ROOT),
            labels,
            metric.help());
  }
}
