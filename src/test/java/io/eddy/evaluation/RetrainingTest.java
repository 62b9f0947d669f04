package io.eddy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eddy.series.Interval;
import io.eddy.training.TrainingSettings;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetrainingTest {
  @ParameterizedTest
  @CsvSource({
    "PT36H, 2024-01-20T05:00:00Z, 2024-01-24T05:00:00Z, 2024-01-21T17:00:00Z 2024-01-23T05:00:00Z",
    "P7D, 2024-01-20T05:00:00Z, 2024-02-03T05:00:00Z, 2024-01-27T05:00:00Z 2024-02-03T05:00:00Z",
    "P1M, 2024-01-01T00:00:00Z, 2024-03-31T00:00:00Z, 2024-02-01T00:00:00Z 2024-03-01T00:00:00Z",
    "P1M, 2024-01-20T05:00:00Z, 2024-03-31T00:00:00Z, 2024-02-20T05:00:00Z 2024-03-20T05:00:00Z",
    "P1Y, 2024-01-01T00:00:00Z, 2026-01-01T00:00:00Z, 2025-01-01T00:00:00Z 2026-01-01T00:00:00Z",
    "P1D[Europe/Berlin], 2024-03-29T23:00:00Z, 2024-04-01T00:00:00Z, 2024-03-30T23:00:00Z 2024-03-31T22:00:00Z",
    "business-day, 2024-01-05T00:00:00Z, 2024-01-09T00:00:00Z, 2024-01-08T00:00:00Z 2024-01-09T00:00:00Z",
  })
  void retrainsAfterEachPeriod(String every, Instant begin, Instant last, String expected) {
    Retraining retraining = new Retraining(Interval.parse(every), TrainingSettings.DEFAULT, 1);

    assertThat(
            Arrays.stream(retraining.times(begin.toEpochMilli(), last.toEpochMilli()))
                .mapToObj(ms -> Instant.ofEpochMilli(ms).toString())
                .collect(Collectors.joining(" ")))
        .isEqualTo(expected);
  }

  @Test
  void rejectsPeriodShorterThanTheInterval() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Retraining.requireAtLeast(Interval.parse("P1M"), Interval.parse("P7D")))
        .withMessage("retraining period: expected at least the model's interval of P1M, got P7D");
  }
}
