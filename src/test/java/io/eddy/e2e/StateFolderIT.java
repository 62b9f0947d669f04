package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A state folder that cannot be used ends {@code serve} with one line. */
@Tag("slow")
@Timeout(300)
class StateFolderIT {
  private static final byte[] MODEL = Models.file(Models.specification(CellKind.GRU, 6, 12), 1);

  @TempDir Path folder;

  @Test
  void serveRejectsFileAndFolderInUse() throws Exception {
    try (RunningEddy eddy = new RunningEddy(folder, TopicNames.DEFAULT, 1, "m")) {
      eddy.activate(MODEL);
      Path file = Files.writeString(folder.resolve("file"), "x");
      assertThat(rejection(eddy, "file", file))
          .contains("state.dir: %s is not a directory".formatted(file));

      Path shared = folder.resolve("shared");
      Path config = eddy.config("first", Map.of("state.dir", shared.toString()));
      try (ServeProcess serve = eddy.serve("first", config)) {
        RunningEddy.until(
            () -> ServeProcess.output(eddy.log("first")).contains("forecaster state: RUNNING"));

        assertThat(rejection(eddy, "second", shared)).contains("is in use by another process");
        assertThat(serve.stop()).isZero();
      }
    }
  }

  /** Starts {@code serve}, which must end with exit code 1, and returns its one error. */
  private static String rejection(RunningEddy eddy, String name, Path state) throws Exception {
    Path config = eddy.config(name, Map.of("state.dir", state.toString()));
    try (ServeProcess serve = eddy.serve(name, config)) {
      assertThat(serve.exitCode(60, TimeUnit.SECONDS)).isEqualTo(1);
    }
    String log = ServeProcess.output(eddy.log(name));
    assertThat(log.lines().filter(line -> line.startsWith("eddy: "))).as(log).hasSize(1);
    assertThat(log).doesNotContain("Exception", "serving model");
    return log;
  }
}
