package io.eddy.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TimeOfYearTest {
  @ParameterizedTest
  @CsvSource({"0, 0, 1", "0.25, 1, 0", "0.5, 0, -1", "0.75, -1, 0", "1, 0, 1", "-0.25, -1, 0"})
  void writesPointOnCircle(double years, float sine, float cosine) {
    float[] terms = terms((long) (years * TimeOfYear.YEAR_MS));

    assertThat(terms[0]).isEqualTo(2);
    assertThat(terms[1]).isCloseTo(2 * sine, within(1e-6f));
    assertThat(terms[2]).isCloseTo(2 * cosine, within(1e-6f));
  }

  @Test
  void yearIsGregorianMean() {
    assertThat(400 * TimeOfYear.YEAR_MS).isEqualTo(Duration.ofDays(146_097).toMillis());
  }

  private static float[] terms(long timestampMs) {
    float[] terms = new float[TimeOfYear.SIZE];
    TimeOfYear.write(timestampMs, 2, terms, 0);
    return terms;
  }
}
