package io.eddy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class SampleSettingsTest {
  private static final Path SAMPLE = Path.of("deploy/eddy.properties");

  @Test
  void sampleHasEverySetting() throws IOException {
    Properties sample = new Properties();

    try (Reader reader = Files.newBufferedReader(SAMPLE)) {
      sample.load(reader);
    }

    assertThat(sample.stringPropertyNames()).containsExactlyInAnyOrderElementsOf(Settings.KEYS);
  }

  @Test
  void sampleStatesTheDefaultsButForTheStateFolder() {
    Settings sample = Settings.read(SAMPLE, null);

    Settings defaults = Settings.read(null, null);

    assertThat(sample).usingRecursiveComparison().ignoringFields("stateDir").isEqualTo(defaults);
  }
}
