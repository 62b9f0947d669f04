package io.eddy.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundedIntegersTest {
  @ParameterizedTest
  @CsvSource({
    "0, false",
    "-1, false",
    "9007199254740991, false",
    "9007199254740992, false",
    "9007199254740993, true",
    "9007199254740994, false",
    "-9007199254740993, true",
    "-9007199254740994, false",
    "9223372036854775807, true",
    "-9223372036854775808, false",
    "1767225600000000000, false",
    "1767225600000000001, true",
  })
  void containsIntegersThatFloat64CannotHold(long integer, boolean expected) {
    assertThat(RoundedIntegers.contains(integer)).isEqualTo(expected);
    assertThat(RoundedIntegers.contains(Long.toString(integer))).isEqualTo(expected);
    assertThat(RoundedIntegers.contains(BigDecimal.valueOf(integer))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "18446744073709551615, true",
    "18446744073709551616, false",
    "+9007199254740993, true",
    "9007199254740993.5, false",
    "0.12345678901234567, false",
    "1e300, false",
    "90071992547409930x, false",
    "'', false",
  })
  void readsText(String text, boolean expected) {
    assertThat(RoundedIntegers.contains(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"9007199254740993.00, true", "9007199254740993.5, false", "1e400, false"})
  void readsDecimals(BigDecimal number, boolean expected) {
    assertThat(RoundedIntegers.contains(number)).isEqualTo(expected);
  }
}
