package io.eddy.kafka.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds the generated files equal to the definition; -Deddy.update=true rewrites them. */
class SettingsDocumentTest {
  private static final Path SAMPLE = Path.of("deploy/eddy.properties");
  private static final Path REFERENCE = Path.of("src/docs/settings.md");

  @Test
  void sampleFileIsCurrent() throws IOException {
    requireCurrent(SAMPLE, SettingsDocument.sampleFile());
  }

  @Test
  void referencePageIsCurrent() throws IOException {
    requireCurrent(REFERENCE, SettingsDocument.referencePage());
  }

  private static void requireCurrent(Path file, String content) throws IOException {
    if (Boolean.getBoolean("eddy.update")) {
      Files.writeString(file, content);
    }
    assertThat(file)
        .as("run this test with -Deddy.update=true to rewrite %s", file)
        .content()
        .isEqualTo(content);
  }

  @Test
  void sampleFileHasEverySetting() {
    SettingSources sources = new SettingSources().file(SAMPLE);

    assertThat(sources.keys()).containsExactlyInAnyOrderElementsOf(EddyConfig.DEFINITION.names());
  }

  @Test
  void sampleFileDiffersFromDefaultsInStateDirOnly() {
    EddyConfig sample = new SettingSources().file(SAMPLE).load();

    EddyConfig defaults = new SettingSources().load();

    assertThat(sample.stream()).isEqualTo(defaults.stream());
    assertThat(sample.deployment())
        .usingRecursiveComparison()
        .ignoringFields("stateDir")
        .isEqualTo(defaults.deployment());
    assertThat(sample.deployment().stateDir()).isEqualTo("/var/lib/eddy");
  }
}
