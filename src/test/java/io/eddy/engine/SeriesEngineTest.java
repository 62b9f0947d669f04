package io.eddy.engine;

import static io.eddy.engine.EngineFixture.serving;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.LatenessPolicy;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StateKey;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.forecast.step.StepResult.Reason;
import io.eddy.forecast.step.StoredState;
import io.eddy.model.Model;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Duplicates;
import io.eddy.series.Observation;
import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.SeriesStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SeriesEngineTest {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final Model MODEL = Models.model(CellKind.GRU, 6, 24, 1);

  private final SeriesEngine engine = new SeriesEngine(LatenessPolicy.IN_ORDER);
  private final SeriesStore store = new InMemorySeriesStore();

  @Test
  void committedUpdatesEqualOnePass() {
    Model model =
        ModelFile.read(
            Models.file(Models.calibrated(Models.specification(CellKind.LSTM, 6, 24)), 1));
    StepFunction steps = new StepFunction();
    SeriesState onePass = SeriesState.inMemory(model);

    for (int hour = 0; hour < 100; hour++) {
      SeriesUpdate update = engine.prepare(store, at(hour), serving(model, 1));
      update.commit();

      StepResult expected = steps.apply(onePass, at(hour), model, 1);
      assertThat(values(update.result())).isEqualTo(values(expected));
    }
  }

  @Test
  void migratesToTheGivenVersion() {
    Model other = Models.model(CellKind.LSTM, 5, 24, 2);
    StepFunction steps = new StepFunction();
    SeriesState cold = SeriesState.inMemory(other);
    for (int hour = 0; hour < 60; hour++) {
      engine.prepare(store, at(hour), serving(MODEL, 1)).commit();
    }
    for (int hour = 60 - 24; hour < 60; hour++) {
      steps.apply(cold, at(hour), other, 2);
    }

    SeriesUpdate update = engine.prepare(store, at(60), serving(other, 2));

    assertThat(values(update.result())).isEqualTo(values(steps.apply(cold, at(60), other, 2)));
  }

  @Test
  void uncommittedUpdateLeavesNoTrace() {
    for (int hour = 0; hour < 40; hour++) {
      engine.prepare(store, at(hour), serving(MODEL, 1)).commit();
    }
    StoredState before = stored();
    Model other = Models.model(CellKind.LSTM, 5, 24, 2);

    SeriesUpdate dryRun = engine.prepare(store, at(40), serving(other, 2));
    SeriesUpdate again = engine.prepare(store, at(40), serving(other, 2));

    assertThat(stored()).isSameAs(before);
    assertThat(values(again.result())).isEqualTo(values(dryRun.result()));
  }

  @Test
  void droppedObservationIsNotStored() {
    engine.prepare(store, at(7), serving(MODEL, 1)).commit();
    StoredState before = stored();

    SeriesUpdate late = engine.prepare(store, at(6), serving(MODEL, 1));
    late.commit();

    assertThat(late.result()).isEqualTo(new StepResult.Dropped(Reason.LATE));
    assertThat(late.isChange()).isFalse();
    assertThat(stored()).isSameAs(before);
  }

  @Test
  void advanceEqualsCommittedUpdates() {
    Model other = Models.model(CellKind.LSTM, 5, 24, 2);
    SeriesStore updated = new InMemorySeriesStore();

    for (int hour = 0; hour < 100; hour++) {
      Model model = hour < 60 ? MODEL : other;
      SeriesUpdate update = engine.prepare(updated, at(hour), serving(model, 1));
      update.commit();

      StepResult result = engine.advance(store, at(hour), model, 1);

      assertThat(values(result)).isEqualTo(values(update.result()));
    }
  }

  @Test
  void advanceKeepsStateIfObservationIsDropped() {
    engine.advance(store, at(7), MODEL, 0);
    StoredState before = stored();

    StepResult late = engine.advance(store, at(6), MODEL, 0);

    assertThat(late).isEqualTo(new StepResult.Dropped(Reason.LATE));
    assertThat(stored()).isSameAs(before);
  }

  @Test
  void advanceRevisesClosedSteps() {
    SeriesEngine revising =
        new SeriesEngine(new LatenessPolicy(Duration.ZERO, 64, false, 24, Duplicates.FIRST));
    SeriesStore inOrder = new InMemorySeriesStore();
    for (int hour : List.of(0, 1, 2, 4, 3, 5)) {
      revising.advance(store, at(hour), MODEL, 0);
    }
    for (int hour = 0; hour < 6; hour++) {
      revising.advance(inOrder, at(hour), MODEL, 0);
    }

    StepResult result = revising.advance(store, at(6), MODEL, 0);

    assertThat(values(result)).isEqualTo(values(revising.advance(inOrder, at(6), MODEL, 0)));
  }

  private StoredState stored() {
    return Objects.requireNonNull(store.get(StateKey.STATE));
  }

  private static double[] values(StepResult result) {
    return ((StepResult.Advanced) result).forecast().values();
  }

  private static Observation at(int hour) {
    return new Observation("a", hour * HOUR, 5 + StrictMath.sin(hour / 5.0));
  }
}
