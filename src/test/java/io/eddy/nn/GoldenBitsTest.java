package io.eddy.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares the bits of every cell with a golden file, in every execution mode and on several JDKs.
 */
final class GoldenBitsTest {
  private static final String GOLDEN = "golden-bits.txt";
  private static final List<Path> JDK_FOLDERS =
      List.of(Path.of("/usr/lib/jvm"), Path.of("/usr/java"), Path.of("/opt/java"));

  /** Execution modes. Both compilers compile the cells before their first call. */
  private enum Mode {
    INTERPRETER("1", "-Xint"),
    FIRST_COMPILER("20", "-Xcomp -XX:TieredStopAtLevel=1"),
    SECOND_COMPILER("20", "-Xcomp -XX:-TieredCompilation"),
    MIXED("200", "-Xmixed"),
    VECTORS("200", "--add-exports java.base/jdk.internal.module=ALL-UNNAMED");

    private final String passes;
    private final String options;

    Mode(String passes, String options) {
      this.passes = passes;
      this.options = options;
    }

    List<String> command(Path java) {
      List<String> command = new ArrayList<>(List.of(java.toString()));
      command.addAll(List.of(options.split(" ")));
      if (options.startsWith("-Xcomp")) {
        command.add("-XX:CompileCommand=quiet");
        command.add("-XX:CompileCommand=compileonly,io.eddy.nn.*::*");
      }
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.addAll(List.of(GoldenBits.class.getName(), passes));
      return command;
    }
  }

  @Test
  void matchesGoldenBitsInProcess() throws IOException {
    assertThat(GoldenBits.lines()).containsExactlyElementsOf(golden());
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void matchesGoldenBitsOnThisJdk(Mode mode) throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");

    List<String> lines = run(mode.command(java));

    assertThat(lines).containsExactlyElementsOf(golden());
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void matchesGoldenBitsOnJdk25(Mode mode) throws IOException, InterruptedException {
    Optional<Path> java = jdk25();
    assumeTrue(java.isPresent(), "no JDK 25 in " + JDK_FOLDERS);

    List<String> lines = run(mode.command(java.get()));

    assertThat(lines).containsExactlyElementsOf(golden());
  }

  private static List<String> run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    List<String> lines;
    try (InputStream out = process.getInputStream()) {
      lines = lines(out);
    }
    assertThat(process.waitFor()).as("exit code of %s", command).isZero();
    return lines;
  }

  private static List<String> golden() throws IOException {
    try (InputStream in = GoldenBitsTest.class.getResourceAsStream(GOLDEN)) {
      return lines(Objects.requireNonNull(in, GOLDEN));
    }
  }

  private static List<String> lines(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
  }

  /** Finds the java command of a JDK 25 by its release file. */
  private static Optional<Path> jdk25() throws IOException {
    for (Path folder : JDK_FOLDERS) {
      if (Files.isDirectory(folder)) {
        try (DirectoryStream<Path> homes = Files.newDirectoryStream(folder, "*25*")) {
          for (Path home : homes) {
            Path java = home.resolve("bin").resolve("java");
            Path release = home.resolve("release");
            if (Files.isExecutable(java)
                && Files.isReadable(release)
                && Files.readString(release).contains("JAVA_VERSION=\"25")) {
              return Optional.of(java);
            }
          }
        }
      }
    }
    return Optional.empty();
  }
}
