package io.eddy.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberTextTest {
  @ParameterizedTest
  @CsvSource({
    "20.06, 20.06",
    "-20, -20",
    "+1.5, 1.5",
    "1e3, 1000",
    "1.E+2, 100",
    ".5, 0.5",
    "5., 5",
    "-.5e-1, -0.05",
    "007, 7",
    "1e999, Infinity",
    "-1E400, -Infinity",
    "4.9e-324, 4.9e-324",
  })
  void parsesDecimalNumber(String text, double expected) {
    assertThat(NumberText.isNumber(text)).isTrue();
    assertThat(NumberText.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "20.06F",
        "20d",
        "20D",
        "1f",
        "0x1p3",
        "0x10",
        "1_000",
        " 20",
        "20 ",
        "\t20",
        "1,5",
        "1.5.2",
        "1 000",
        "1'000",
        "١٢",
        "１２",
        "1e",
        "1e+",
        "e3",
        ".",
        "-",
        "+",
        "",
        "--1",
        "+-1",
        "1-",
        "20.1°C",
        "20%",
        "$5",
        "NaN",
        "Infinity",
        "-Infinity",
        "true",
        "ON",
        "1e5.5",
        "1\u0000",
        "−5"
      })
  void refusesOtherText(String text) {
    assertThat(NumberText.isNumber(text)).isFalse();
    assertThatThrownBy(() -> NumberText.parse(text)).isInstanceOf(NumberFormatException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "\t", "NaN", "nan", "-NaN", "+nan", "Infinity", "-Infinity", "inf", "-INF", "null",
        "NULL", "None", "nil", "NA", "na", "N/A", "n/a", "#N/A", "<NA>", "\\N", "?", "-"
      })
  void recognizesMissingValue(String text) {
    assertThat(NumberText.isMissing(text)).isTrue();
    assertThat(NumberText.isNumber(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "off", "unavailable", "x", "-null", "--", "nan1"})
  void otherTextIsNotMissing(String text) {
    assertThat(NumberText.isMissing(text)).isFalse();
  }
}
