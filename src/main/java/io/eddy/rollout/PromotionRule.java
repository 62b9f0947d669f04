package io.eddy.rollout;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rule by which a shadow version is promoted or dropped.
 *
 * @param since when the rule was set
 * @param scoresFrom offset of the first score that counts, by partition of the scores topic
 */
public record PromotionRule(Condition condition, Instant since, List<Long> scoresFrom) {
  public PromotionRule {
    scoresFrom = List.copyOf(scoresFrom);
  }

  /** Returns the time at which an undecided shadow is dropped. */
  public Instant deadline() {
    return since.plus(condition.within());
  }

  /** The measure that versions are compared by. */
  public enum Measure {
    /** Pinball loss, the mean over the quantiles. */
    PINBALL("pinball loss"),
    /** Absolute error. */
    MASE("MASE");

    private final String label;

    Measure(String label) {
      this.label = label;
    }

    /** Returns the name for operators, such as "MASE". */
    public String label() {
      return label;
    }
  }

  /**
   * The condition for a promotion.
   *
   * @param measure the measure to compare
   * @param betterBy share by which the shadow's measure must be smaller, in [0, 1)
   * @param forecasts number of pairs of forecasts to compare before a decision
   * @param within time limit
   */
  public record Condition(Measure measure, double betterBy, int forecasts, Duration within) {
    /** Description of the syntax that {@link #parse} accepts. */
    public static final String SYNTAX =
        "\"better by 2% over 500 scored forecasts, within 7 days\", optionally followed by"
            + " \", by mase\" to compare absolute errors in place of pinball losses";

    private static final Pattern TEXT =
        Pattern.compile(
            "better by (\\d{1,2}(?:\\.\\d{1,4})?) ?% over ([1-9]\\d{0,8}) (?:scored )?forecasts?,?"
                + " within ([1-9]\\d{0,5}) (second|minute|hour|day|week)s?"
                + "(?:,? by (pinball|mase))?");

    public Condition {
      if (!(betterBy >= 0 && betterBy < 1)) {
        throw new IllegalArgumentException("better by: expected 0 to 99.9999 %, got " + betterBy);
      }
      if (forecasts < 1 || within.isZero() || within.isNegative()) {
        throw new IllegalArgumentException(
            "expected at least one forecast and a positive time limit");
      }
    }

    /**
     * Parses a condition.
     *
     * @throws IllegalArgumentException if the text does not have the {@link #SYNTAX}
     */
    public static Condition parse(String text) {
      Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " "));
      if (!matcher.matches()) {
        throw new IllegalArgumentException("expected %s; got '%s'".formatted(SYNTAX, text));
      }
      return new Condition(
          "mase".equals(matcher.group(5)) ? Measure.MASE : Measure.PINBALL,
          new BigDecimal(matcher.group(1)).movePointLeft(2).doubleValue(),
          Integer.parseInt(matcher.group(2)),
          duration(Long.parseLong(matcher.group(3)), matcher.group(4)));
    }

    private static Duration duration(long count, String unit) {
      return switch (unit) {
        case "second" -> Duration.ofSeconds(count);
        case "minute" -> Duration.ofMinutes(count);
        case "hour" -> Duration.ofHours(count);
        case "day" -> Duration.ofDays(count);
        default -> Duration.ofDays(7 * count);
      };
    }

    @Override
    public String toString() {
      return "better by %s%% over %d scored forecasts, within %s, by %s"
          .formatted(
              BigDecimal.valueOf(betterBy).movePointRight(2).stripTrailingZeros().toPlainString(),
              forecasts,
              describe(within),
              measure.name().toLowerCase(Locale.ROOT));
    }

    private static String describe(Duration within) {
      long seconds = within.toSeconds();
      if (seconds % 86_400 == 0) {
        return count(seconds / 86_400, "day");
      }
      if (seconds % 3600 == 0) {
        return count(seconds / 3600, "hour");
      }
      return seconds % 60 == 0 ? count(seconds / 60, "minute") : count(seconds, "second");
    }

    private static String count(long number, String unit) {
      return number + " " + unit + (number == 1 ? "" : "s");
    }
  }
}
