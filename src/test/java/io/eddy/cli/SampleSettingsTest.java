package io.eddy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.config.EddySettings;
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

    assertThat(sample.stringPropertyNames()).containsExactlyInAnyOrderElementsOf(EddySettings.KEYS);
  }

  @Test
  void sampleStatesTheDefaultsButForTheStateFolder() {
    EddySettings sample = EddySettings.read(SAMPLE, null);

    EddySettings defaults = EddySettings.read(null, null);

    assertThat(sample).usingRecursiveComparison().ignoringFields("stateDir").isEqualTo(defaults);
  }
}
