package io.eddy.forecast.alert;

import io.eddy.forecast.alert.Condition.Comparison;
import io.eddy.forecast.alert.Condition.Operator;
import io.eddy.forecast.alert.Condition.Outside;
import io.eddy.forecast.alert.RuleTokens.Token;
import io.eddy.series.DurationFormat;
import io.eddy.series.NumberText;
import io.eddy.series.Suggestions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parses rules. See {@link AlertRules} for the language. */
final class RuleParser {
  private static final String SERIES =
      "the name of a series, a prefix such as pump-*, or the name of the rule and a colon";
  private static final String CONDITION = ">, >=, <, <= or outside";
  private static final String THRESHOLD = "a number";
  private static final String RANGE = "a range such as 10..20, the smaller number first";
  private static final String SPAN =
      DurationFormat.DESCRIPTION + ", or a number of steps such as 6 steps";
  private static final String PROBABILITY = "a probability between 0 and 1";
  private static final List<String> PARTS = List.of("within", "with probability", "clear below");
  private static final List<String> WORDS = List.of("within", "with", "clear");

  private final RuleTokens tokens;

  RuleParser(String text) {
    tokens = new RuleTokens(text);
  }

  /**
   * Parses all rules.
   *
   * @throws IllegalArgumentException saying what was expected where
   */
  List<AlertRule> rules() {
    List<AlertRule> rules = new ArrayList<>();
    Map<String, Token> names = new HashMap<>();
    do {
      Token first = tokens.peek();
      AlertRule rule = rule();
      if (first != null && names.put(rule.name(), first) != null) {
        throw tokens.problem(first, "a name that no other rule has");
      }
      rules.add(rule);
    } while (tokens.skip(","));
    return rules;
  }

  private AlertRule rule() {
    Token first = readSeries();
    String name = isName(first) ? first.text().substring(0, first.text().length() - 1) : null;
    SeriesPattern series = SeriesPattern.of((name == null ? first : readSeries()).text());
    Condition condition = condition();
    Span within = null;
    AlertLevels levels = AlertLevels.of(AlertLevels.DEFAULT_FIRE);
    int part = 0;
    for (int read = part(part); read < PARTS.size(); read = part(part)) {
      switch (read) {
        case 0 -> within = span();
        case 1 -> levels = AlertLevels.of(probability());
        default -> levels = cleared(levels.fire());
      }
      part = read + 1;
    }
    return named(name, new AlertRule("", series, condition, within, levels));
  }

  private static AlertRule named(@Nullable String name, AlertRule rule) {
    return new AlertRule(
        name == null ? rule.text() : name,
        rule.series(),
        rule.condition(),
        rule.within(),
        rule.levels());
  }

  private Token readSeries() {
    Token token = tokens.peek();
    if (token == null
        || (!token.isQuoted() && token.text().matches("[<>,].*"))
        || token.text().isEmpty()) {
      throw tokens.problem(SERIES);
    }
    return tokens.read(SERIES);
  }

  private static boolean isName(Token token) {
    return !token.isQuoted() && token.text().length() > 1 && token.text().endsWith(":");
  }

  private Condition condition() {
    if (tokens.skip("outside")) {
      return outside();
    }
    for (Operator operator : Operator.values()) {
      if (tokens.skip(operator.symbol)) {
        return new Comparison(operator, number(tokens.read(THRESHOLD)));
      }
    }
    throw tokens.problem(CONDITION);
  }

  private Condition outside() {
    Token range = tokens.read(RANGE);
    String[] ends = range.text().split("\\.\\.", -1);
    if (ends.length != 2 || !NumberText.isNumber(ends[0]) || !NumberText.isNumber(ends[1])) {
      throw tokens.problem(range, RANGE);
    }
    double low = NumberText.parse(ends[0]);
    double high = NumberText.parse(ends[1]);
    if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
      throw tokens.problem(range, RANGE);
    }
    return new Outside(low, high);
  }

  private double number(Token token) {
    if (!NumberText.isNumber(token.text()) || !Double.isFinite(NumberText.parse(token.text()))) {
      throw tokens.problem(token, THRESHOLD);
    }
    return NumberText.parse(token.text());
  }

  /**
   * Reads the begin of a part of the rule and returns its index among {@link #PARTS}; their number
   * at the end of the rule.
   *
   * @param from index of the first part that may follow
   */
  private int part(int from) {
    Token token = tokens.peek();
    if (token == null || tokens.isNext(",")) {
      return PARTS.size();
    }
    for (int i = from; i < PARTS.size(); i++) {
      String[] words = PARTS.get(i).split(" ", -1);
      if (tokens.skip(words[0])) {
        if (words.length > 1) {
          tokens.require(words[1], words[1]);
        }
        return i;
      }
    }
    String parts = String.join(", ", PARTS.subList(from, PARTS.size()));
    String question = Suggestions.question(token.text(), WORDS.subList(from, WORDS.size()), "\"");
    throw tokens.problem(
        token, (parts.isEmpty() ? "a comma" : parts) + " or the end of the rule", question);
  }

  private Span span() {
    Token token = tokens.read(SPAN);
    if (token.text().matches("\\d{1,9}") && (tokens.skip("steps") || tokens.skip("step"))) {
      return positive(token, new Span.Steps(Long.parseLong(token.text())));
    }
    try {
      return positive(token, new Span.Time(DurationFormat.parse(token.text())));
    } catch (IllegalArgumentException e) {
      throw tokens.problem(token, SPAN);
    }
  }

  private Span positive(Token token, Span span) {
    boolean isPositive =
        span instanceof Span.Steps steps
            ? steps.count() > 0
            : ((Span.Time) span).length().toMillis() > 0;
    if (!isPositive) {
      throw tokens.problem(token, SPAN);
    }
    return span;
  }

  private double probability() {
    Token token = tokens.read(PROBABILITY);
    double probability = NumberText.isNumber(token.text()) ? NumberText.parse(token.text()) : 0;
    if (!(probability > 0 && probability < 1)) {
      throw tokens.problem(token, PROBABILITY);
    }
    return probability;
  }

  private AlertLevels cleared(double fire) {
    Token token = tokens.peek();
    double clear = probability();
    if (token != null && clear >= fire) {
      throw tokens.problem(token, "a probability below " + Condition.text(fire));
    }
    return new AlertLevels(fire, clear, tokens.skip("after") ? span() : null);
  }
}
