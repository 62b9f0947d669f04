package io.eddy.forecast.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.series.Interval;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertRulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          temperature > 80                                | temperature > 80 with probability 0.5
          temperature>80 within PT6H with probability 0.7 | temperature > 80 within PT6H with probability 0.7
          pump-* <= -2.5 within 90m                       | pump-* <= -2.5 within PT1H30M with probability 0.5
          * < 1e3 within 6 steps                          | * < 1000 within 6 steps with probability 0.5
          p outside -10..20 WITHIN 1d                     | p outside -10..20 within PT24H with probability 0.5
          "a, b" >= 0.25 with probability .9              | "a, b" >= 0.25 with probability 0.9
          "x:" > 1                                        | "x:" > 1 with probability 0.5
          site:3 > 1                                      | site:3 > 1 with probability 0.5
          a > 1 with probability 0.7 clear below 0.3      | a > 1 with probability 0.7 clear below 0.3
          a > 1 clear below 0.2 after PT30M               | a > 1 with probability 0.5 clear below 0.2 after PT30M
          a > 1 clear below 0.2 after 1 step              | a > 1 with probability 0.5 clear below 0.2 after 1 step
          """)
  void parsesRule(String text, String canonical) {
    assertThat(AlertRules.parse(text)).hasToString(canonical);
    assertThat(AlertRules.parse(canonical)).hasToString(canonical);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          > 80                       | expected the name of a series, a prefix such as pump-*, or the name of the rule and a colon at character 1, got ">"
          temperature                | expected >, >=, <, <= or outside at character 12, got the end
          temperature = 80           | expected a word, >, >=, <, <= or a comma at character 13, got "="
          temperature above 80       | expected >, >=, <, <= or outside at character 13, got "above"
          temperature > hot          | expected a number at character 15, got "hot"
          temperature > 80C          | expected a number at character 15, got "80C"
          temperature > 1e999        | expected a number at character 15, got "1e999"
          t > 80 witin PT6H          | expected within, with probability, clear below or the end of the rule at character 8, got "witin"; did you mean "within"?
          t > 80 within              | expected a duration such as 30s, 10m, 2h, 1d, 1w or PT10M, or a number of steps such as 6 steps at character 14, got the end
          t > 80 within 6            | expected a duration such as 30s, 10m, 2h, 1d, 1w or PT10M, or a number of steps such as 6 steps at character 15, got "6"
          t > 80 within PT0S         | expected a duration such as 30s, 10m, 2h, 1d, 1w or PT10M, or a number of steps such as 6 steps at character 15, got "PT0S"
          t > 80 with probability 70 | expected a probability between 0 and 1 at character 25, got "70"
          t > 80 with 0.7            | expected probability at character 13, got "0.7"
          t > 80 with probability 1  | expected a probability between 0 and 1 at character 25, got "1"
          t > 80 clear below 0.5     | expected a probability below 0.5 at character 20, got "0.5"
          t > 80 clear at 0.5        | expected below at character 14, got "at"
          t > 80 clear below 0.2 within 1h | expected a comma or the end of the rule at character 24, got "within"
          t outside 20..10           | expected a range such as 10..20, the smaller number first at character 11, got "20..10"
          t outside 10 20            | expected a range such as 10..20, the smaller number first at character 11, got "10"
          "t > 80                    | expected a closing double quote at character 1, got ""t"
          t > 80, t > 80             | expected a name that no other rule has at character 9, got "t"
          t > 80,                    | expected the name of a series, a prefix such as pump-*, or the name of the rule and a colon at character 8, got the end
          hot: t > 1, hot: u > 1     | expected a name that no other rule has at character 13, got "hot:"
          """)
  void refusesRule(String text, String message) {
    assertThatThrownBy(() -> AlertRules.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void parsesSeveralRules() {
    AlertRules rules = AlertRules.parse("hot: t* > 80, cold: t* < 5 within 2h");

    assertThat(rules.all()).extracting(AlertRule::name).containsExactly("hot", "cold");
    assertThat(rules.all().get(0).series().matches("t1")).isTrue();
    assertThat(rules.all().get(0).series().matches("u")).isFalse();
    assertThat(rules)
        .hasToString(
            "hot: t* > 80 with probability 0.5, cold: t* < 5 within PT2H with probability 0.5");
  }

  @Test
  void blankTextHasNoRules() {
    assertThat(AlertRules.parse(" ").isEmpty()).isTrue();
  }

  @Test
  void ruleWithoutSeriesIsUnmatched() {
    AlertRules rules = AlertRules.parse("hot: t* > 80, cold: u < 5");

    assertThat(rules.unmatched(List.of("t1", "v")))
        .containsExactly("rule \"cold\": no series matches");
  }

  @Test
  void limitationNamesRuleBeyondHorizon() {
    AlertRules rules = AlertRules.parse("hot: t > 80 within PT6H, t > 90 within PT2H");

    assertThat(rules.limitations(Interval.of(Duration.ofMinutes(30)), 8))
        .containsExactly(
            "rule \"hot\": the forecast covers 8 steps of PT30M, less than PT6H; only these count");
  }
}
