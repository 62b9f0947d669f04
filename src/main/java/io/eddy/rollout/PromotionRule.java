package io.eddy.rollout;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * On what a shadow takes the place of what serves.
 *
 * @param condition what it has to be better by
 * @param since when that was asked for
 * @param scoresFrom offset of the first score that counts, by partition of the scores topic
 */
public record PromotionRule(Condition condition, Instant since, List<Long> scoresFrom) {
  public PromotionRule {
    scoresFrom = List.copyOf(scoresFrom);
  }

  /** When it is over, decided or not. */
  public Instant until() {
    return since.plus(condition.within());
  }

  /** What forecasts are compared by. */
  public enum Measure {
    /** Mean over the quantiles of their loss. */
    PINBALL("pinball loss"),
    /** Absolute error. */
    MASE("MASE");

    private final String inWords;

    Measure(String inWords) {
      this.inWords = inWords;
    }

    /** As in "MASE". */
    public String inWords() {
      return inWords;
    }
  }

  /**
   * How much better, over how much, within what time.
   *
   * @param measure of which a shadow has to have less
   * @param betterBy by which share less, in [0, 1)
   * @param forecasts that have to be compared before anything is decided
   * @param within how long it may take
   */
  public record Condition(Measure measure, double betterBy, int forecasts, Duration within) {
    /** How it is written. */
    public static final String FORM =
        "\"better by 2% over 500 scored forecasts, within 7 days\", and \", by mase\" behind it for"
            + " the absolute error in place of the pinball loss";

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
        throw new IllegalArgumentException("expected at least one forecast, and some time");
      }
    }

    /** Reads what {@link #toString} writes; throws {@link IllegalArgumentException} else. */
    public static Condition parse(String text) {
      Matcher words = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " "));
      if (!words.matches()) {
        throw new IllegalArgumentException("expected %s; got '%s'".formatted(FORM, text));
      }
      return new Condition(
          "mase".equals(words.group(5)) ? Measure.MASE : Measure.PINBALL,
          new BigDecimal(words.group(1)).movePointLeft(2).doubleValue(),
          Integer.parseInt(words.group(2)),
          duration(Long.parseLong(words.group(3)), words.group(4)));
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
              inWords(within),
              measure.name().toLowerCase(Locale.ROOT));
    }

    private static String inWords(Duration within) {
      long seconds = within.toSeconds();
      if (seconds % 86_400 == 0) {
        return seconds / 86_400 + " days";
      }
      if (seconds % 3600 == 0) {
        return seconds / 3600 + " hours";
      }
      return seconds % 60 == 0 ? seconds / 60 + " minutes" : seconds + " seconds";
    }
  }
}
