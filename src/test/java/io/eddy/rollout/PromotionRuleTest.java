package io.eddy.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.rollout.PromotionRule.Condition;
import io.eddy.rollout.PromotionRule.Measure;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PromotionRuleTest {
  @Test
  void parsesCondition() {
    assertThat(Condition.parse("better by 2% over 500 scored forecasts, within 7 days"))
        .isEqualTo(new Condition(Measure.PINBALL, 0.02, 500, Duration.ofDays(7)));
    assertThat(Condition.parse(" Better by 0.5 % over 1 forecast within 2 weeks by MASE"))
        .isEqualTo(new Condition(Measure.MASE, 0.005, 1, Duration.ofDays(14)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "better by 2% over 500 scored forecasts, within 7 days, by pinball",
        "better by 0.25% over 40 scored forecasts, within 36 hours, by mase",
        "better by 2% over 5 scored forecasts, within 1 day, by pinball",
        "better by 0% over 1 scored forecasts, within 90 seconds, by pinball"
      })
  void roundTripsCondition(String text) {
    assertThat(Condition.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "better",
        "better by 2 over 500 forecasts, within 7 days",
        "better by 100% over 500 forecasts, within 7 days",
        "better by 2% over 0 forecasts, within 7 days",
        "better by 2% over 500 forecasts",
        "better by 2% over 500 forecasts, within 7 moons",
        "better by 2% over 500 forecasts, within 7 days, by luck"
      })
  void rejectsInvalidConditionWithSyntax(String text) {
    assertThatThrownBy(() -> Condition.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "expected \"better by 2% over 500 scored forecasts, within 7 days\"")
        .hasMessageEndingWith("got '" + text + "'");
  }
}
