package io.eddy.forecast.alert;

import io.eddy.series.NumberText;
import java.math.BigDecimal;
import java.util.List;

/** The condition of a rule on the value of a step. */
public sealed interface Condition {
  /** Returns the probability that a step meets the condition. */
  double probability(StepDistribution distribution);

  /** Returns the thresholds, ascending. */
  List<Double> thresholds();

  /** Returns the condition in words, to complete the sentence "the value is …". */
  String words();

  /** Returns the condition in the language of rules. */
  @Override
  String toString();

  /** A comparison with a threshold. */
  record Comparison(Operator operator, double threshold) implements Condition {
    @Override
    public double probability(StepDistribution distribution) {
      return switch (operator) {
        case ABOVE -> distribution.above(threshold, false);
        case AT_LEAST -> distribution.above(threshold, true);
        case BELOW -> distribution.below(threshold, false);
        case AT_MOST -> distribution.below(threshold, true);
      };
    }

    @Override
    public List<Double> thresholds() {
      return List.of(threshold);
    }

    @Override
    public String words() {
      return operator.words + " " + text(threshold);
    }

    @Override
    public String toString() {
      return operator.symbol + " " + text(threshold);
    }
  }

  /** A value below {@code low} or above {@code high}. */
  record Outside(double low, double high) implements Condition {
    @Override
    public double probability(StepDistribution distribution) {
      return Math.min(1, distribution.below(low, false) + distribution.above(high, false));
    }

    @Override
    public List<Double> thresholds() {
      return List.of(low, high);
    }

    @Override
    public String words() {
      return "outside " + text(low) + " to " + text(high);
    }

    @Override
    public String toString() {
      return "outside " + text(low) + ".." + text(high);
    }
  }

  /** The comparisons. */
  enum Operator {
    ABOVE(">", "above"),
    AT_LEAST(">=", "at least"),
    BELOW("<", "below"),
    AT_MOST("<=", "at most");

    final String symbol;
    final String words;

    Operator(String symbol, String words) {
      this.symbol = symbol;
      this.words = words;
    }
  }

  /** Returns a number as it is written in a rule; {@link NumberText#parse} reads it. */
  static String text(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
