package io.eddy.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of deploy/monitoring, checked by promtool. */
class AlertRulesTest {
  @BeforeAll
  static void requirePromtool() {
    PrometheusProcess.requireProgram("promtool");
  }

  @ParameterizedTest
  @CsvSource({
    "check config, eddy-scrape.yml",
    "check rules, eddy-alerts.yml",
    "test rules, eddy-alerts-test.yml"
  })
  void promtoolAccepts(String command, String file) throws Exception {
    String[] words = command.split(" ", -1);
    Path path = Path.of("deploy", "monitoring", file);

    PrometheusProcess.Result result =
        PrometheusProcess.run("promtool", words[0], words[1], path.toString());

    assertThat(result.exitCode()).as(result.output()).isZero();
  }
}
