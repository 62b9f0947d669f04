package io.eddy.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.model.InvalidModelException;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation.Terms;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RollbackTest {
  @Test
  void skipsRevokedAndUnavailableVersions() {
    Activation bad = Scores.serving(6, Scores.BAD, 0);
    Activations now =
        new Activations(
            List.of(
                Scores.serving(1, Scores.OLD, 0),
                Scores.serving(2, Scores.NEW, 0),
                Scores.serving(3, Scores.OLD, 2),
                Scores.serving(4, Scores.BAD, 0),
                Scores.serving(5, new ModelVersion("0d".repeat(32)), 0),
                bad));

    Activation rollback =
        Rollback.automatic(
            bad, now, activation -> !activation.version().sha().startsWith("0d"), "why");

    assertThat(rollback.version()).isEqualTo(Scores.OLD);
    assertThat(rollback.epoch()).isEqualTo(7);
    assertThat(rollback.cause().revokedEpoch()).isEqualTo(6);
    assertThat(rollback.reason()).isEqualTo("automatic rollback from 0b0b0b0b0b0b: why");
  }

  @Test
  void returnsToRevokedVersionActivatedAgain() {
    Activation bad = Scores.serving(4, Scores.BAD, 0);
    Activations now =
        new Activations(
            List.of(
                Scores.serving(1, Scores.NEW, 0),
                Scores.serving(2, Scores.OLD, 1),
                Scores.serving(3, Scores.NEW, 0),
                bad));

    assertThat(Rollback.automatic(bad, now, activation -> true, "").version())
        .isEqualTo(Scores.NEW);
  }

  @Test
  void rejectsRollbackWithoutOtherVersion() {
    Activation bad = Scores.serving(1, Scores.BAD, 0);

    assertThatThrownBy(
            () -> Rollback.automatic(bad, new Activations(List.of(bad)), activation -> true, ""))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage("no version to roll back to");
  }

  @Test
  void endsNarrowerScopeWithoutOtherVersion() {
    Terms terms = Terms.serving(new Scope.Prefix("a"), null);
    Activation bad = new Activation("m", 2, Scores.BAD, terms, "");
    Activations now = new Activations(List.of(Scores.serving(1, Scores.OLD, 0), bad));

    Activation end = Rollback.automatic(bad, now, activation -> true, "");

    assertThat(end.terms().isEnd()).isTrue();
    assertThat(end.terms().scope()).isEqualTo(new Scope.Prefix("a"));
  }
}
