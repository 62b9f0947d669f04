package io.eddy.series;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CoprimeStepsTest {
  @Test
  void findsLeastNumberWithoutCommonDivisor() {
    assertThat(CoprimeSteps.atLeast(24, 24)).isEqualTo(25);
    assertThat(CoprimeSteps.atLeast(24, 24, 25)).isEqualTo(29);
    assertThat(CoprimeSteps.atLeast(1, 6)).isEqualTo(1);
    assertThat(CoprimeSteps.atLeast(12)).isEqualTo(12);
  }
}
