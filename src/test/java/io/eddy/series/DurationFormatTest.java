package io.eddy.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationFormatTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "30s, PT30S",
    "10m, PT10M",
    "2h, PT2H",
    "1d, P1D",
    "1w, P7D",
    "1h30m, PT1H30M",
    "0s, PT0S",
    "PT15M, PT15M",
    "P2D, P2D",
    "P1W, P7D",
    "pt1h, PT1H",
    "-PT5S, -PT5S",
  })
  void parsesShortAndIsoForms(String text, Duration expected) {
    assertThat(DurationFormat.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "P1M|months and years have no fixed length; use days or weeks, such as 30d, got 'P1M'",
        "P1Y2M|months and years have no fixed length; use days or weeks, such as 30d, got 'P1Y2M'",
        "1mo|months and years have no fixed length; use days or weeks, such as 30d, got '1mo'",
        "2 years|months and years have no fixed length; use days or weeks, such as 30d, got '2"
            + " years'",
        "90|expected a unit after the number, such as 90m for minutes, got '90'",
        "''|expected a duration such as 30s, 10m, 2h, 1d, 1w or PT10M, got ''",
        "soon|expected a duration such as 30s, 10m, 2h, 1d, 1w or PT10M, got 'soon'",
        "30m1h|expected a duration such as 30s, 10m, 2h, 1d, 1w or PT10M, got '30m1h'",
        "-5m|expected a duration such as 30s, 10m, 2h, 1d, 1w or PT10M, got '-5m'",
        "999999999999w|expected a shorter duration, got '999999999999w'",
      })
  void rejectsOtherText(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurationFormat.parse(text))
        .withMessage(message);
  }
}
