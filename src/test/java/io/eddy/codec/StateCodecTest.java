package io.eddy.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.cell.CellKind;
import io.eddy.cell.StackState;
import io.eddy.cell.Workspace;
import io.eddy.forecast.SeriesState;
import io.eddy.forecast.StepFunction;
import io.eddy.forecast.StepResult;
import io.eddy.forecast.TrialInMemory;
import io.eddy.model.HeadWorkspace;
import io.eddy.model.Model;
import io.eddy.model.ModelFile;
import io.eddy.model.Models;
import io.eddy.model.SeriesPast;
import io.eddy.series.Aggregation;
import io.eddy.series.Observation;
import io.eddy.series.Scaler;
import io.eddy.series.Segment;
import io.eddy.series.SegmentsInMemory;
import io.eddy.series.Window;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StateCodecTest {
  private static final long HOUR = Models.INTERVAL.toMillis();

  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void stateSavedAndRestoredAtEveryStepEqualsOnePass(Aggregation aggregation) {
    Model model =
        ModelFile.read(Models.file(Models.specification(CellKind.LSTM, 8, 24, aggregation), 1));
    StepFunction steps = new StepFunction();
    SeriesState onePass = SeriesState.inMemory(model);
    SegmentsInMemory segments = new SegmentsInMemory();
    TrialInMemory trial = new TrialInMemory();
    byte[] saved = StateCodec.encode(SeriesState.initial(model, 0, segments, trial));

    for (int i = 0; i < 100; i++) {
      Observation observation = observation(i);
      SeriesState restored = StateCodec.decode(saved, model, segments, trial);
      StepResult actual = steps.apply(restored, observation, model, 0);
      saved = StateCodec.encode(restored);

      StepResult expected = steps.apply(onePass, observation, model, 0);
      assertThat(actual.getClass()).isEqualTo(expected.getClass());
      if (expected instanceof StepResult.Advanced advanced) {
        assertThat(((StepResult.Advanced) actual).forecast().values())
            .isEqualTo(advanced.forecast().values());
      }
      assertThat(saved).isEqualTo(StateCodec.encode(onePass));
    }
  }

  /** One pass: the whole series by the trainer's encoder and the layers, with no state between. */
  @ParameterizedTest
  @EnumSource(CellKind.class)
  void patchAndDilatedModelServesInTheStreamAsInOnePassWithStatesOfOneSize(CellKind kind) {
    Model model =
        ModelFile.read(
            Models.file(
                Models.withLayers(Models.specification(kind, 8, 24), List.of(1, 2, 4), 5), 1));
    StepFunction steps = new StepFunction();
    SegmentsInMemory segments = new SegmentsInMemory();
    TrialInMemory trial = new TrialInMemory();
    byte[] saved = StateCodec.encode(SeriesState.initial(model, 0, segments, trial));
    SeriesPast past = new SeriesPast(new Window(24, new SegmentsInMemory()), new Scaler());
    StackState hidden = model.stack().newState();
    Workspace workspace = model.stack().newWorkspace();
    float[] input = new float[model.encoder().size()];
    HeadWorkspace ahead = model.head().newWorkspace();
    float[] scaled = ahead.forecast();
    Set<Integer> sizes = new HashSet<>();

    for (int i = 0; i < 200; i++) {
      double value = 5 + StrictMath.sin(i / 5.0);
      SeriesState state = StateCodec.decode(saved, model, segments, trial);
      float[] actual =
          forecast(steps.apply(state, new Observation("a", i * HOUR, value), model, 0));
      saved = StateCodec.encode(state);
      sizes.add(saved.length - 8 * ((i + 1) % Segment.STEPS));

      past.observe(value, model.encoder().smoothing());
      model.encoder().encode(past, i, input, 0);
      model.stack().step(input, hidden, workspace);
      model.head().apply(workspace.output(), 0, i, ahead);
      for (int k = 0; k < scaled.length; k++) {
        int perStep = model.specification().output().valuesPerStep();
        double base = model.specification().output().base().at(past.window(), k / perStep + 1);
        assertThat(actual[k]).isEqualTo((float) Math.fma(past.scaler().scale(), scaled[k], base));
      }
    }
    assertThat(sizes).hasSize(1);
  }

  @Test
  void stateOfAnotherVersionIsRebuiltFromItsWindow() {
    Model before = Models.model(CellKind.GRU, 8, 24, 1);
    Model after = Models.model(CellKind.LSTM, 13, 24, 2);
    StepFunction steps = new StepFunction();
    SeriesState state = SeriesState.inMemory(before);
    SegmentsInMemory segments = new SegmentsInMemory();
    SeriesState stored = SeriesState.initial(before, 1, segments, new TrialInMemory());
    for (int i = 0; i < 60; i++) {
      steps.apply(state, observation(i), before, 1);
      steps.apply(stored, observation(i), before, 1);
    }
    byte[] saved = StateCodec.encode(stored);

    SeriesState restored = StateCodec.decode(saved, after, segments, new TrialInMemory());

    assertThat(forecast(steps.apply(restored, observation(60), after, 2)))
        .isEqualTo(forecast(steps.apply(state, observation(60), after, 2)));
  }

  @Test
  void refusesALayoutThatItDoesNotKnow() {
    Model model = Models.model(CellKind.GRU, 8, 24, 1);
    byte[] saved = StateCodec.encode(SeriesState.inMemory(model));
    saved[0] = 99;

    assertThatThrownBy(
            () -> StateCodec.decode(saved, model, new SegmentsInMemory(), new TrialInMemory()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("layout 99");
  }

  private static float[] forecast(StepResult result) {
    return ((StepResult.Advanced) result).forecast().values();
  }

  /** Two observations an hour, with a gap now and then. */
  private static Observation observation(int i) {
    long gaps = i / 20;
    long time = 100 * HOUR + i * HOUR / 2 + 2 * gaps * HOUR;
    return new Observation("a", time, 5 + StrictMath.sin(i / 5.0));
  }
}
