package io.eddy.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Score;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.PromotionRule.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ShadowComparisonTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final PromotionRule RULE =
      new PromotionRule(
          Condition.parse("better by 10% over 4 forecasts, within 7 days"), BEGIN, List.of(3L, 5L));
  private static final Activation SHADOW =
      new Activation(
          "m",
          5,
          Scores.NEW,
          Terms.shadowing(new Scope.Prefix("a"), null),
          "",
          new ActivationCause(RULE, 0));

  @Test
  void promotesShadowThatMeetsCondition() {
    ShadowComparison comparison = new ShadowComparison(SHADOW);
    for (int i = 0; i < 4; i++) {
      assertThat(comparison.decision(BEGIN)).isNull();
      comparison.add(served("a", i, 2));
      comparison.add(shadowed("a", i, 1.5));
    }

    assertThat(comparison.decision(BEGIN))
        .isEqualTo(
            new RolloutDecision(
                RolloutDecision.Kind.PROMOTE,
                "automatic promotion: scaled pinball loss 0.3750, serving version 0.5000,"
                    + " 25.0 % better over 4 forecasts (condition: better by 10% over 4 scored"
                    + " forecasts, within 7 days, by pinball)"));
  }

  @Test
  void dropsShadowThatIsNotBetter() {
    ShadowComparison comparison = new ShadowComparison(SHADOW);
    for (int i = 0; i < 4; i++) {
      comparison.add(shadowed("a", i, 2.5));
      comparison.add(served("a", i, 2));
    }

    RolloutDecision decision = Objects.requireNonNull(comparison.decision(BEGIN));
    assertThat(decision.kind()).isEqualTo(RolloutDecision.Kind.DROP);
    assertThat(decision.reason())
        .startsWith("not better: ")
        .contains("25.0 % worse over 4 forecasts");
  }

  @Test
  void dropsUndecidedShadowAtDeadline() {
    ShadowComparison comparison = new ShadowComparison(SHADOW);
    for (int i = 0; i < 6; i++) {
      comparison.add(served("a", i, 2));
      comparison.add(shadowed("a", i, 1.9));
    }

    assertThat(comparison.decision(BEGIN.plus(Duration.ofDays(7)).minusMillis(1))).isNull();
    assertThat(Objects.requireNonNull(comparison.decision(BEGIN.plus(Duration.ofDays(7)))).reason())
        .startsWith("timed out: ")
        .contains("5.0 % better over 6 forecasts");
  }

  @Test
  void comparesOnlySameSeriesAndOrigin() {
    ShadowComparison comparison = new ShadowComparison(SHADOW);
    for (int i = 0; i < 8; i++) {
      comparison.add(served("a" + i, i, 2));
      comparison.add(shadowed("a", i, 1));
      comparison.add(served("b", i, 2));
      comparison.add(new ScoredForecast(Scores.score("a", i, 2, Scores.NEW, 2), Role.SERVE, null));
      comparison.add(
          new ScoredForecast(Scores.score("a" + i, i, 1, Scores.NEW, 3), Role.SHADOW, null));
    }

    assertThat(Objects.requireNonNull(comparison.decision(BEGIN.plus(Duration.ofDays(8)))).reason())
        .startsWith("timed out: no forecasts compared");
  }

  @Test
  void dropsShadowThatFails() {
    ShadowComparison comparison = new ShadowComparison(SHADOW);
    Score none = Score.none(Scores.score("a", 1, 1, Scores.NEW, 5).origin());
    comparison.add(new ScoredForecast(none, Role.SHADOW, "its forecast is not finite"));

    assertThat(comparison.decision(BEGIN))
        .isEqualTo(
            new RolloutDecision(
                RolloutDecision.Kind.DROP, "no forecast for series a: its forecast is not finite"));
  }

  @Test
  void reportsProgress() {
    ShadowComparison comparison = new ShadowComparison(SHADOW);
    assertThat(comparison.status())
        .isEqualTo(
            new ShadowComparisonStatus(
                SHADOW,
                0,
                4,
                new ShadowComparisonStatus.Errors(Double.NaN, Double.NaN),
                new ShadowComparisonStatus.Errors(Double.NaN, Double.NaN),
                null));
    for (int i = 0; i < 3; i++) {
      comparison.add(served("a", i, 2));
      comparison.add(shadowed("a", i, 1.5));
    }

    ShadowComparisonStatus status = comparison.status();
    assertThat(status.compared()).isEqualTo(3);
    assertThat(status.remaining()).isEqualTo(1);
    assertThat(status.pinball()).isEqualTo(new ShadowComparisonStatus.Errors(0.5, 0.375));
    assertThat(status.mase()).isEqualTo(new ShadowComparisonStatus.Errors(0.5, 0.375));
    assertThat(status.decisive().gain()).isEqualTo(0.25);
    assertThat(status.deadline()).isEqualTo(BEGIN.plus(Duration.ofDays(7)));
    assertThat(status.decision()).isNull();

    comparison.add(served("a", 3, 2));
    comparison.add(shadowed("a", 3, 1.5));
    assertThat(comparison.status().remaining()).isZero();
    assertThat(comparison.status().decision()).startsWith("automatic promotion: ");
  }

  @Test
  void undecidedComparisonWaitsForAsManyAgain() {
    ShadowComparison comparison = new ShadowComparison(SHADOW);
    for (int i = 0; i < 5; i++) {
      comparison.add(served("a", i, 2));
      comparison.add(shadowed("a", i, 1.9));
    }

    assertThat(comparison.status().remaining()).isEqualTo(3);
  }

  private static ScoredForecast served(String series, int origin, double error) {
    return new ScoredForecast(Scores.score(series, origin, error, Scores.OLD, 1), Role.SERVE, null);
  }

  private static ScoredForecast shadowed(String series, int origin, double error) {
    return new ScoredForecast(
        Scores.score(series, origin, error, Scores.NEW, 5), Role.SHADOW, null);
  }
}
