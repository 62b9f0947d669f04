package io.eddy.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Score;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ServingModelMonitorTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final RollbackRules RULES = new RollbackRules(true, 0.5, 3);

  @Test
  void rollsBackVersionWorseThanNaive() {
    ServingModelMonitor monitor = new ServingModelMonitor(Scores.serving(2, Scores.BAD, 0), RULES);
    for (int i = 0; i < 3; i++) {
      assertThat(monitor.decision(BEGIN)).isNull();
      monitor.add(new ScoredForecast(Scores.score("a", i, 6.4, Scores.BAD, 2), Role.SERVE, null));
    }

    assertThat(monitor.decision(BEGIN))
        .isEqualTo(
            new RolloutDecision(
                RolloutDecision.Kind.ROLL_BACK,
                "MASE 1.6000 over 3 forecasts, 60.0 % worse than seasonal naive (1.0000) on the"
                    + " same steps; limit 50.0 %"));
  }

  @Test
  void keepsVersionWithinMargin() {
    ServingModelMonitor monitor = new ServingModelMonitor(Scores.serving(2, Scores.BAD, 0), RULES);
    for (int i = 0; i < 30; i++) {
      monitor.add(new ScoredForecast(Scores.score("a", i, 5.9, Scores.BAD, 2), Role.SERVE, null));
      monitor.add(new ScoredForecast(Scores.score("a", i, 50, Scores.BAD, 2), Role.SHADOW, null));
      monitor.add(new ScoredForecast(Scores.score("a", i, 50, Scores.OLD, 1), Role.SERVE, null));
    }

    assertThat(monitor.decision(BEGIN)).isNull();
  }

  @Test
  void keepsRolledBackToVersionDespiteErrors() {
    Activation back =
        new Activation(
            "m", 3, Scores.OLD, Terms.serving(Scope.all(), null), "", new ActivationCause(null, 2));
    ServingModelMonitor monitor = new ServingModelMonitor(back, RULES);
    for (int i = 0; i < 30; i++) {
      monitor.add(new ScoredForecast(Scores.score("a", i, 50, Scores.OLD, 3), Role.SERVE, null));
    }
    assertThat(monitor.decision(BEGIN)).isNull();

    monitor.add(
        new ScoredForecast(
            Score.none(Scores.score("a", 9, 1, Scores.OLD, 3).origin()),
            Role.SERVE,
            "is not finite"));

    assertThat(monitor.decision(BEGIN)).isNotNull();
  }

  @Test
  void disabledRulesKeepVersion() {
    ServingModelMonitor monitor =
        new ServingModelMonitor(Scores.serving(2, Scores.BAD, 0), RollbackRules.NONE);
    monitor.add(new ScoredForecast(Scores.score("a", 1, 50, Scores.BAD, 2), Role.SERVE, null));
    monitor.add(
        new ScoredForecast(
            Score.none(Scores.score("a", 9, 1, Scores.BAD, 2).origin()),
            Role.SERVE,
            "is not finite"));

    assertThat(monitor.decision(BEGIN)).isNull();
  }
}
