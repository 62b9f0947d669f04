package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start of the packaged jar. */
class StartUpIT {
  private static final int MIN_VECTOR_LENGTH = 8;

  @TempDir Path folder;

  @Test
  void usesVectorsWithoutWarning() throws Exception {
    Path model = folder.resolve("model.safetensors");
    Files.write(model, Models.file(Models.specification(CellKind.GRU, 6, 12), 1));

    JsonNode report =
        new ObjectMapper()
            .readTree(java("-jar", jar(), "inspect", model.toString(), "--json").output());

    assertThat(errors()).isEmpty();
    int length = vectorLength();
    assertThat(report.path("kernel").asText())
        .isEqualTo(length < MIN_VECTOR_LENGTH ? "plain Java" : "vectors of " + length);
  }

  /** Returns the number of floats of this processor's widest vectors; 0 without the module. */
  private int vectorLength() throws IOException, InterruptedException {
    Path source =
        Files.writeString(
            folder.resolve("Length.java"),
            """
            class Length {
              public static void main(String[] arguments) {
                System.out.print(jdk.incubator.vector.FloatVector.SPECIES_PREFERRED.length());
              }
            }
            """);
    EddyProcess.Result result = java("--add-modules", "jdk.incubator.vector", source.toString());
    return result.exitCode() == 0 ? Integer.parseInt(result.output()) : 0;
  }

  @Test
  void startsFromArchiveOfClassData() throws Exception {
    String classes = folder.resolve("classes").toString();
    String archive = folder.resolve("eddy.jsa").toString();
    java("-XX:DumpLoadedClassList=" + classes, "-cp", jar(), "io.eddy.cli.ClassListRun");
    assertThat(errors()).isEmpty();
    java(
        "-Xshare:dump",
        "-XX:SharedClassListFile=" + classes,
        "-XX:SharedArchiveFile=" + archive,
        "-cp",
        jar());

    // Fails if the archive cannot be used.
    EddyProcess.Result result =
        java(
            "-Xshare:on",
            "-XX:SharedArchiveFile=" + archive,
            "-Xlog:class+load:file=" + folder.resolve("loaded"),
            "-jar",
            jar(),
            "--version");

    assertThat(result.exitCode()).isZero();
    assertThat(Files.readAllLines(folder.resolve("loaded")))
        .filteredOn(line -> line.contains("] io.eddy.cli.command."))
        .isNotEmpty()
        .allMatch(line -> line.contains("shared objects file"));
  }

  private static String jar() {
    return EddyProcess.jar().toString();
  }

  private EddyProcess.Result java(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(arguments));
    Files.deleteIfExists(folder.resolve("errors"));
    return EddyProcess.run(new ProcessBuilder(command), folder.resolve("errors"));
  }

  private String errors() throws IOException {
    return Files.readString(folder.resolve("errors"));
  }
}
