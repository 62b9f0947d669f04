package io.eddy.kafka.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.kafka.record.ActivationCodec;
import io.eddy.kafka.record.PublishedScore;
import io.eddy.model.InvalidModelException;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.ActivationCause;
import io.eddy.rollout.Activations;
import io.eddy.rollout.PromotionRule;
import io.eddy.rollout.PromotionRule.Condition;
import io.eddy.rollout.Rollback;
import io.eddy.rollout.RollbackRules;
import io.eddy.rollout.RolloutDecision;
import io.eddy.rollout.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What follows from scores. */
final class RolloutDecisionTest {
  private static final ModelVersion OLD = new ModelVersion("0a".repeat(32));
  private static final ModelVersion BAD = new ModelVersion("0b".repeat(32));
  private static final ModelVersion NEW = new ModelVersion("0c".repeat(32));
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final PromotionRule CHALLENGE =
      new PromotionRule(
          Condition.parse("better by 10% over 4 forecasts, within 7 days"), BEGIN, List.of(3L, 5L));
  private static final Activation SHADOW =
      new Activation(
          "m",
          5,
          NEW,
          Terms.shadowing(new Scope.Prefix("a"), null),
          "",
          new ActivationCause(CHALLENGE, 0));
  private static final RollbackRules RULES = new RollbackRules(true, 0.5, 3);

  @Test
  void shadowThatIsBetterByAsMuchAsWasAskedForIsPromotedWithTheFigures() {
    ShadowComparison duel = new ShadowComparison(SHADOW);
    for (int i = 0; i < 4; i++) {
      assertThat(duel.verdict(BEGIN)).isNull();
      duel.take(served("a", i, 2));
      duel.take(shadowed("a", i, 1.5));
    }

    assertThat(duel.verdict(BEGIN))
        .isEqualTo(
            new RolloutDecision(
                RolloutDecision.Kind.PROMOTE,
                "promoted by itself: scaled pinball loss 0.3750 against 0.5000 of what served,"
                    + " 25.0 % better over 4 forecasts (asked for: better by 10% over 4 scored"
                    + " forecasts, within 7 days, by pinball)"));
  }

  @Test
  void shadowThatIsNotBetterIsDropped() {
    ShadowComparison duel = new ShadowComparison(SHADOW);
    for (int i = 0; i < 4; i++) {
      duel.take(shadowed("a", i, 2.5));
      duel.take(served("a", i, 2));
    }

    RolloutDecision verdict = Objects.requireNonNull(duel.verdict(BEGIN));
    assertThat(verdict.kind()).isEqualTo(RolloutDecision.Kind.DROP);
    assertThat(verdict.why()).startsWith("not better: ").contains("25.0 % worse over 4 forecasts");
  }

  @Test
  void shadowThatIsBetterByLessGoesOnUntilItsTimeIsOver() {
    ShadowComparison duel = new ShadowComparison(SHADOW);
    for (int i = 0; i < 6; i++) {
      duel.take(served("a", i, 2));
      duel.take(shadowed("a", i, 1.9));
    }

    assertThat(duel.verdict(BEGIN.plus(Duration.ofDays(7)).minusMillis(1))).isNull();
    assertThat(Objects.requireNonNull(duel.verdict(BEGIN.plus(Duration.ofDays(7)))).why())
        .startsWith("timed out: ")
        .contains("5.0 % better over 6 forecasts");
  }

  @Test
  void onlyForecastsOfTheSameSeriesAndOriginAreCompared() {
    ShadowComparison duel = new ShadowComparison(SHADOW);
    for (int i = 0; i < 8; i++) {
      duel.take(served("a" + i, i, 2));
      duel.take(shadowed("a", i, 1));
      duel.take(served("b", i, 2));
      duel.take(new PublishedScore(score("a", i, 2, NEW, 2), "m", Role.SERVE));
      duel.take(new PublishedScore(score("a" + i, i, 1, NEW, 3), "m", Role.SHADOW));
    }

    assertThat(Objects.requireNonNull(duel.verdict(BEGIN.plus(Duration.ofDays(8)))).why())
        .startsWith("timed out: no pair of forecasts compared yet");
  }

  @Test
  void shadowThatFailsIsDroppedAtOnce() {
    ShadowComparison duel = new ShadowComparison(SHADOW);
    Score none = Score.none(score("a", 1, 1, NEW, 5).origin());
    duel.take(new PublishedScore(none, "m", Role.SHADOW, "its forecast is not finite"));

    assertThat(duel.verdict(BEGIN))
        .isEqualTo(
            new RolloutDecision(
                RolloutDecision.Kind.DROP, "it failed at series a: its forecast is not finite"));
  }

  @Test
  void duelTellsHowItStandsAndWhatItWaitsFor() {
    ShadowComparison duel = new ShadowComparison(SHADOW);
    assertThat(duel.standing())
        .isEqualTo(
            new ShadowComparisonStatus(
                SHADOW,
                0,
                4,
                new ShadowComparisonStatus.Errors(Double.NaN, Double.NaN),
                new ShadowComparisonStatus.Errors(Double.NaN, Double.NaN),
                null));
    for (int i = 0; i < 3; i++) {
      duel.take(served("a", i, 2));
      duel.take(shadowed("a", i, 1.5));
    }

    ShadowComparisonStatus standing = duel.standing();
    assertThat(standing.compared()).isEqualTo(3);
    assertThat(standing.missing()).isEqualTo(1);
    assertThat(standing.pinball()).isEqualTo(new ShadowComparisonStatus.Errors(0.5, 0.375));
    assertThat(standing.mase()).isEqualTo(new ShadowComparisonStatus.Errors(0.5, 0.375));
    assertThat(standing.decisive().gain()).isEqualTo(0.25);
    assertThat(standing.until()).isEqualTo(BEGIN.plus(Duration.ofDays(7)));
    assertThat(standing.decision()).isNull();

    duel.take(served("a", 3, 2));
    duel.take(shadowed("a", 3, 1.5));
    assertThat(duel.standing().missing()).isZero();
    assertThat(duel.standing().decision()).startsWith("promoted by itself: ");
  }

  @Test
  void duelThatGoesOnWaitsForAsManyMore() {
    ShadowComparison duel = new ShadowComparison(SHADOW);
    for (int i = 0; i < 5; i++) {
      duel.take(served("a", i, 2));
      duel.take(shadowed("a", i, 1.9));
    }

    assertThat(duel.standing().missing()).isEqualTo(3);
  }

  @Test
  void versionThatErrsFarMoreThanSeasonalNaiveIsTakenBack() {
    ServingModelMonitor watch = new ServingModelMonitor(serving(2, BAD, 0), RULES);
    for (int i = 0; i < 3; i++) {
      assertThat(watch.verdict(BEGIN)).isNull();
      watch.take(new PublishedScore(score("a", i, 6.4, BAD, 2), "m", Role.SERVE));
    }

    assertThat(watch.verdict(BEGIN))
        .isEqualTo(
            new RolloutDecision(
                RolloutDecision.Kind.ROLL_BACK,
                "MASE 1.6000 over 3 forecasts, 60.0 % worse than seasonal naive's 1.0000 on the"
                    + " same steps (allowed: 50.0 %)"));
  }

  @Test
  void versionWithinTheMarginStays() {
    ServingModelMonitor watch = new ServingModelMonitor(serving(2, BAD, 0), RULES);
    for (int i = 0; i < 30; i++) {
      watch.take(new PublishedScore(score("a", i, 5.9, BAD, 2), "m", Role.SERVE));
      watch.take(new PublishedScore(score("a", i, 50, BAD, 2), "m", Role.SHADOW));
      watch.take(new PublishedScore(score("a", i, 50, OLD, 1), "m", Role.SERVE));
    }

    assertThat(watch.verdict(BEGIN)).isNull();
  }

  @Test
  void whatWasGoneBackToIsNotTakenBackForItsErrorsInTurn() {
    Activation back =
        new Activation(
            "m", 3, OLD, Terms.serving(Scope.all(), null), "", new ActivationCause(null, 2));
    ServingModelMonitor watch = new ServingModelMonitor(back, RULES);
    for (int i = 0; i < 30; i++) {
      watch.take(new PublishedScore(score("a", i, 50, OLD, 3), "m", Role.SERVE));
    }
    assertThat(watch.verdict(BEGIN)).isNull();

    watch.take(
        new PublishedScore(
            Score.none(score("a", 9, 1, OLD, 3).origin()), "m", Role.SERVE, "is not finite"));

    assertThat(watch.verdict(BEGIN)).isNotNull();
  }

  @Test
  void rulesThatAreOffTakeNothingBack() {
    ServingModelMonitor watch = new ServingModelMonitor(serving(2, BAD, 0), RollbackRules.NONE);
    watch.take(new PublishedScore(score("a", 1, 50, BAD, 2), "m", Role.SERVE));
    watch.take(
        new PublishedScore(
            Score.none(score("a", 9, 1, BAD, 2).origin()), "m", Role.SERVE, "is not finite"));

    assertThat(watch.verdict(BEGIN)).isNull();
  }

  @Test
  void wayBackPassesOverVersionsThatWereTakenBackThemselvesAndThoseThatCannotServe() {
    Activation bad = serving(6, BAD, 0);
    Activations now =
        new Activations(
            List.of(
                serving(1, OLD, 0),
                serving(2, NEW, 0),
                serving(3, OLD, 2),
                serving(4, BAD, 0),
                serving(5, new ModelVersion("0d".repeat(32)), 0),
                bad));

    Activation back =
        Rollback.forCause(bad, now, one -> !one.version().sha().startsWith("0d"), "why");

    assertThat(back.version()).isEqualTo(OLD);
    assertThat(back.epoch()).isEqualTo(7);
    assertThat(back.grounds().revokes()).isEqualTo(6);
    assertThat(back.reason()).isEqualTo("rolled back by itself from 0b0b0b0b0b0b: why");
  }

  @Test
  void versionThatWasTakenBackAndActivatedAgainByPeopleIsGoneBackTo() {
    Activation bad = serving(4, BAD, 0);
    Activations now =
        new Activations(List.of(serving(1, NEW, 0), serving(2, OLD, 1), serving(3, NEW, 0), bad));

    assertThat(Rollback.forCause(bad, now, one -> true, "").version()).isEqualTo(NEW);
  }

  @Test
  void withoutAnyOtherVersionThereIsNothingToGoBackTo() {
    Activation bad = serving(1, BAD, 0);

    assertThatThrownBy(() -> Rollback.forCause(bad, new Activations(List.of(bad)), one -> true, ""))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage("there is no version to go back to");
  }

  @Test
  void narrowerScopeWithoutAnotherVersionEnds() {
    Terms terms = Terms.serving(new Scope.Prefix("a"), null);
    Activation bad = new Activation("m", 2, BAD, terms, "");
    Activations now = new Activations(List.of(serving(1, OLD, 0), bad));

    Activation end = Rollback.forCause(bad, now, one -> true, "");

    assertThat(end.terms().isEnd()).isTrue();
    assertThat(end.terms().scope()).isEqualTo(new Scope.Prefix("a"));
  }

  @Test
  void challengesAndGroundsAreReadBack() {
    ActivationCodec codec = new ActivationCodec();
    Activation back = serving(7, OLD, 6);

    assertThat(codec.decode(codec.encode(SHADOW))).isEqualTo(SHADOW);
    assertThat(codec.decode(codec.encode(back))).isEqualTo(back);
  }

  private static Activation serving(long epoch, ModelVersion version, long revokes) {
    return new Activation(
        "m",
        epoch,
        version,
        Terms.serving(Scope.all(), null),
        "",
        new ActivationCause(null, revokes));
  }

  private static PublishedScore served(String series, int origin, double error) {
    return new PublishedScore(score(series, origin, error, OLD, 1), "m", Role.SERVE);
  }

  private static PublishedScore shadowed(String series, int origin, double error) {
    return new PublishedScore(score(series, origin, error, NEW, 5), "m", Role.SHADOW);
  }

  /** Of two steps of which one was measured; seasonal naive errs by 4, in the mean, too. */
  private static Score score(
      String series, int origin, double error, ModelVersion version, long epoch) {
    float[] errors = {(float) error, Float.NaN};
    return new Score(
        new Forecast.Origin(
            series, origin * 3_600_000L, 3_600_000, new Forecast.Served(version, epoch), true),
        List.of(0.5),
        new Score.Errors(errors, errors, errors, new float[] {0}, new float[0]),
        new Score.Naive(new float[] {4, Float.NaN}, 4),
        new int[] {0, -1});
  }
}
