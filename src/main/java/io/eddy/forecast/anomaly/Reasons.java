package io.eddy.forecast.anomaly;

import java.math.BigDecimal;
import java.math.MathContext;

/** Says in one sentence why an episode is anomalous. */
final class Reasons {
  private static final MathContext DIGITS = new MathContext(4);

  private Reasons() {}

  static String spike(double value, Expectation expected) {
    if (expected.contains(value)) {
      return "The value %s is unusual for this time and the values before it."
          .formatted(text(value));
    }
    return "The value %s is %s the expected range from %s to %s."
        .formatted(
            text(value),
            value > expected.high() ? "above" : "below",
            text(expected.low()),
            text(expected.high()));
  }

  static String levelShift(double meanError) {
    return "The values are %s expected, on average by %s."
        .formatted(meanError > 0 ? "higher than" : "lower than", text(Math.abs(meanError)));
  }

  static String variance(double spread) {
    return spread < 1
        ? "The values scatter less than before."
        : "The values scatter %s times as much around the expected ones as before."
            .formatted(text(spread));
  }

  static String flatLine(double value, long steps) {
    return "The value %s has not changed for %d steps.".formatted(text(value), steps);
  }

  static String brokenSeason(double value, Expectation expected) {
    return "The values do not follow the season: expected %s to %s, got %s."
        .formatted(text(expected.low()), text(expected.high()), text(value));
  }

  static String absence(AnomalyKind kind, long steps) {
    return kind == AnomalyKind.SILENCE
        ? "No value has arrived for %d steps.".formatted(steps)
        : "%d steps in a row have no value.".formatted(steps);
  }

  private static String text(double number) {
    return Double.isFinite(number)
        ? new BigDecimal(number, DIGITS).stripTrailingZeros().toPlainString()
        : Double.toString(number);
  }
}
