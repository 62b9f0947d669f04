package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code eddy demo --once}, in a process with the development libraries. */
class DemoIT {
  @TempDir Path folder;

  @Test
  void losesNothingAndReportsKnownErrors() throws IOException, InterruptedException {
    Path log = folder.resolve("demo.log");

    EddyProcess.Result result = EddyProcess.runDevelopment(log, "demo", "--once");

    assertThat(result.exitCode()).as(Files.readString(log)).isZero();
    // The data and both trainings are seeded, so versions and errors are always the same.
    assertThat(result.output())
        .containsPattern("events in\\s+200,933\n")
        .containsPattern("forecasts out\\s+200,933\n")
        .containsPattern("lost\\s+0\n")
        .containsPattern("duplicated\\s+0\n")
        .containsPattern("2b6fa06127a5\\s+gru\\s+160,531\\s+3\\.832\\s+7\\.800")
        .containsPattern("2552817241a7\\s+lstm\\s+40,402\\s+3\\.398\\s+6\\.369");
  }
}
