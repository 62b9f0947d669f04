package io.eddy.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "20.1234, 3, 20.12",
    "0, 3, 0.000",
    "1700000003.256, 4, 1700000003.26",
    "52.520013, 0.0001, 52.520013",
    "1e12, 5e6, 1000000000000",
    "1700000003.256, 0, 1.700e+09",
  })
  void showsDifferencesOfAHundredthOfTheSpread(double value, double spread, String expected) {
    assertThat(Figures.digits(value, spread)).isEqualTo(expected);
  }
}
