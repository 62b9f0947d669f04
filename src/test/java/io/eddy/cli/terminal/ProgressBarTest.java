package io.eddy.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressBarTest {
  @ParameterizedTest
  @CsvSource({
    "0.1, 0.0001, ''",
    "2.9, 0.5, ''",
    "60, 0.01, ''",
    "3, 0.25, '  9 s left'",
    "60, 0.2, '  4 min 00 s left'",
  })
  void estimatesRemainingTimeOnceEnoughIsDone(double seconds, double share, String expected) {
    assertThat(ProgressBar.left(seconds, share)).isEqualTo(expected);
  }
}
