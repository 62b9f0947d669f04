package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands for files of the document on anomalies and alerts as they are written. */
@Tag("slow")
class AnomaliesDocumentIT {
  private static final Path DOCUMENT = Path.of("src/docs/anomalies.md");

  @TempDir Path folder;

  @Test
  void findsAnomaliesAndAlertsOfFile() throws Exception {
    try (DocumentShell shell = new DocumentShell(folder, "localhost:1")) {
      List<String> commands = DocumentShell.commands(DOCUMENT, "### From a file");
      assertThat(commands).hasSize(5);

      for (String command : commands) {
        shell.run(command);
      }

      assertThat(folder.resolve("anomalies.svg")).content().startsWith("<svg");
      assertThat(Files.readAllLines(folder.resolve("scores.jsonl")))
          .allSatisfy(line -> assertThat(line).startsWith("{\"series\":\"sensor-"));
      assertThat(Files.readAllLines(folder.resolve("alerts.csv")).get(0))
          .startsWith("series,origin,change,rule,probability,");
    }
  }
}
