package io.eddy.series.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZonesTest {
  @ParameterizedTest
  @ValueSource(strings = {"Europe/Paris", "UTC", "Z", "+01:00", "America/Argentina/Buenos_Aires"})
  void findsZone(String name) {
    assertThat(Zones.of(name).getId()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Pariss, Europe/Paris",
    "europe/paris, Europe/Paris",
    "Paris, Europe/Paris",
    "los angeles, America/Los_Angeles",
    "America/Los Angeles, America/Los_Angeles",
    "Berlin, Europe/Berlin",
    "US/Pacfic, US/Pacific",
  })
  void proposesSimilarName(String name, String similar) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Zones.of(name))
        .withMessage("unknown time zone '%s'; did you mean %s?".formatted(name, similar));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PST", "Mars/Olympus_Mons", "Pacific Standard Time", ""})
  void explainsWhatIsExpected(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Zones.of(name))
        .withMessage(
            "unknown time zone '%s': expected an IANA name such as Europe/Paris, UTC, or an offset such as +01:00"
                .formatted(name));
  }
}
