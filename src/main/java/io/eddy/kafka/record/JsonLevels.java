package io.eddy.kafka.record;

import java.math.BigDecimal;
import java.util.List;

/** Names of quantiles and classes in JSON: {@code q0.1} for level 0.1, {@code p3} for class 3. */
final class JsonLevels {
  private JsonLevels() {}

  static String quantile(double level) {
    return "q" + BigDecimal.valueOf(level).stripTrailingZeros().toPlainString();
  }

  static String probability(int index) {
    return "p" + index;
  }

  /**
   * Returns the levels of quantile names.
   *
   * @throws IllegalArgumentException if a name is not one of a quantile, or the levels do not
   *     ascend
   */
  static List<Double> levels(List<String> names) {
    List<Double> levels = names.stream().map(JsonLevels::level).toList();
    for (int k = 1; k < levels.size(); k++) {
      if (!(levels.get(k) > levels.get(k - 1))) {
        throw new IllegalArgumentException("expected ascending quantile levels, got " + names);
      }
    }
    return levels;
  }

  private static double level(String name) {
    try {
      if (name.startsWith("q")) {
        return Double.parseDouble(name.substring(1));
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new IllegalArgumentException(
        "expected the name of a quantile such as q0.1, got '%s'".formatted(name));
  }
}
