package io.eddy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.model.Member;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.SeriesPast;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.nn.StackState;
import io.eddy.series.Observation;
import io.eddy.series.SteppedSeries;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ContextLengthCheckTest {
  private static final ModelSpecification LSTM = Models.specification(CellKind.LSTM, 8, 96);

  @Test
  void longMemoryNeedsMoreContext() {
    ContextLengthCheck slow = fit(Models.withForgetBias(Models.file(LSTM, 1), 8), noise(6, 800));
    ContextLengthCheck fast = fit(Models.withForgetBias(Models.file(LSTM, 1), -8), noise(6, 800));

    assertThat(slow.isShort()).isTrue();
    assertThat(slow.members().get(0).get(0).median()).isGreaterThan(0.2);
    assertThat(fast.isShort()).isFalse();
    assertThat(fast.members().get(0).get(0).high()).isLessThan(0.05);
    assertThat(fast.places()).isEqualTo(256);
    assertThat(fast.series()).isEqualTo(6);
  }

  @Test
  void longerContextSuffices() {
    byte[] brief = Models.file(Models.specification(CellKind.GRU, 8, 12), 3);
    byte[] ample = Models.file(Models.specification(CellKind.GRU, 8, 240), 3);

    ContextLengthCheck shorter = fit(brief, noise(4, 900));
    ContextLengthCheck longer = fit(ample, noise(4, 900));

    assertThat(shorter.isShort()).isTrue();
    assertThat(longer.isShort()).isFalse();
    assertThat(longer.members().get(0).get(0).high())
        .isLessThan(shorter.members().get(0).get(0).median());
  }

  @Test
  void stateMatchesLayersRunOverLastSteps() {
    // One series of exactly 2W steps has one place, its last step.
    Model model = ModelFile.read(dilated(24));
    SteppedSeries series = noise(1, 48).get(0);

    ContextLengthCheck fit = ContextLengthCheck.of(model, List.of(series)).orElseThrow();

    assertThat(fit.places()).isEqualTo(1);
    StackState near = run(model.member(0), series, 24);
    StackState far = run(model.member(0), series, 48);
    // Layer 1 is dilated by 5: 48 steps end at slot 2, 24 at slot 3.
    int from = model.member(0).stack().stateOffset(1);
    int width = model.member(0).stack().stateWidth(1);
    float[] ofNear = turned(near.values(), from, width, 24 % 5);
    float[] ofFar = turned(far.values(), from, width, 48 % 5);
    double expected = distance(ofNear, ofFar) / Math.max(size(ofNear), size(ofFar));
    assertThat(fit.members().get(0).get(1).median()).isCloseTo(expected, within(1e-9));
    assertThat(fit.members().get(0).get(1).high()).isCloseTo(expected, within(1e-9));
  }

  @Test
  void forecastsMatchStreamAfterMigration() {
    byte[] file = Models.file(Models.calibrated(Models.specification(CellKind.GRU, 8, 24)), 4);
    Model model = ModelFile.read(file);
    Model other = Models.model(CellKind.RNN_TANH, 4, 48, 9);
    SteppedSeries series = noise(1, 48).get(0);

    ContextLengthCheck fit = ContextLengthCheck.of(model, List.of(series)).orElseThrow();

    double[] near = moved(other, model, series, 24);
    Model longer =
        ModelFile.read(
            Models.file(Models.calibrated(Models.specification(CellKind.GRU, 8, 48)), 4));
    double[] far = moved(other, longer, series, 48);
    double sum = 0;
    for (int i = 0; i < near.length; i++) {
      sum += Math.abs(near[i] - far[i]);
    }
    double deviation = deviation(series.values());
    assertThat(fit.forecasts().median()).isCloseTo(sum / near.length / deviation, within(1e-9));
  }

  @Test
  void everyMemberHasItsOwnDifferences() {
    ContextLengthCheck fit = fit(Models.ensembleFile(CellKind.RNN_TANH, 48, 5), noise(3, 400));

    assertThat(fit.members()).hasSize(3);
    assertThat(fit.members().get(1)).hasSize(3);
    assertThat(fit.members().get(2)).hasSize(1);
  }

  @Test
  void shortOrConstantSeriesHaveNoResult() {
    Model model = ModelFile.read(Models.file(LSTM, 1));
    double[] constant = new double[800];
    Arrays.fill(constant, 5);
    double[] torn = noise(1, 800).get(0).values().clone();
    for (int t = 100; t < torn.length; t += 150) {
      // A gap of five, where three are bridged.
      Arrays.fill(torn, t, t + 5, Double.NaN);
    }

    assertThat(
            ContextLengthCheck.of(
                model,
                List.of(
                    noise(1, 191).get(0),
                    new SteppedSeries("constant", 0, constant),
                    new SteppedSeries("torn", 0, torn))))
        .isEmpty();
    assertThat(ContextLengthCheck.of(model, noise(1, 192))).isPresent();
  }

  @Test
  void filledGapsAreRebuiltAsInStream() {
    Model model = ModelFile.read(Models.file(Models.specification(CellKind.GRU, 8, 24), 6));
    double[] values = noise(1, 48).get(0).values().clone();
    // The last 24 steps begin within a gap: the rebuild begins behind it.
    Arrays.fill(values, 23, 26, Double.NaN);

    ContextLengthCheck fit =
        ContextLengthCheck.of(model, List.of(new SteppedSeries("a", 0, values))).orElseThrow();

    float[] near = run(model.member(0), new SteppedSeries("a", 0, values), 22).values();
    float[] far = run(model.member(0), new SteppedSeries("a", 0, values), 48).values();
    assertThat(fit.members().get(0).get(0).median())
        .isCloseTo(distance(near, far) / Math.max(size(near), size(far)), within(1e-9));
  }

  @Test
  void rejectsNonFiniteForecast() {
    Model model = ModelFile.read(Models.overflowingFile(Models.specification(CellKind.GRU, 8, 24)));

    assertThatThrownBy(() -> ContextLengthCheck.of(model, noise(1, 100)))
        .hasMessage("series s0: forecast is not finite");
  }

  private static ContextLengthCheck fit(byte[] file, List<SteppedSeries> series) {
    return ContextLengthCheck.of(ModelFile.read(file), series).orElseThrow();
  }

  private static byte[] dilated(int context) {
    return Models.file(
        Models.withLayers(Models.specification(CellKind.LSTM, 6, context), List.of(1, 5), 3), 2);
  }

  private static List<SteppedSeries> noise(int count, int steps) {
    SplittableRandom random = new SplittableRandom(7);
    List<SteppedSeries> series = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] values = new double[steps];
      for (int t = 0; t < steps; t++) {
        values[t] = 20 + i + 4 * StrictMath.sin(t / 4.0) + random.nextDouble();
      }
      series.add(new SteppedSeries("s" + i, 0, values));
    }
    return series;
  }

  /** Returns the layers' states after a cold start on the last steps, computed by the stack. */
  private static StackState run(Member member, SteppedSeries series, int last) {
    double[] x = series.values();
    Window window = new Window(member.specification().contextLength(), new InMemorySeriesStore());
    SeriesPast past = SeriesPast.of(window, member.specification());
    StackState state = member.stack().newState();
    var workspace = member.stack().newWorkspace();
    float[] input = new float[member.encoder().size()];
    for (int t = x.length - last; t < x.length; t++) {
      if (Double.isNaN(x[t])) {
        past.impute(window.value(0));
      } else {
        past.observe(x[t], member.encoder().scaling());
      }
      member.encoder().encode(past, series.firstStep() + t, input, 0);
      member.stack().step(input, state, workspace);
    }
    return state;
  }

  /** Returns the slots of a ring, the oldest first. */
  private static float[] turned(float[] values, int from, int width, int oldest) {
    int slots = 5;
    float[] turned = new float[slots * width];
    for (int i = 0; i < slots; i++) {
      System.arraycopy(values, from + (oldest + i) % slots * width, turned, i * width, width);
    }
    return turned;
  }

  /** Returns the forecast after the last step of a state that migrates from another version. */
  private static double[] moved(Model before, Model model, SteppedSeries series, int steps) {
    StepFunction function = new StepFunction();
    SeriesState state = SeriesState.inMemory(before);
    double[] x = series.values();
    double[] values = new double[0];
    for (int t = x.length - steps; t < x.length; t++) {
      Observation observation =
          new Observation("a", (series.firstStep() + t) * Models.INTERVAL.toMillis(), x[t]);
      Model served = t < x.length - 1 ? before : model;
      values = function.apply(state, observation, served, 1).forecasts().get(0).forecast().values();
    }
    return values;
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  private static double size(float[] a) {
    return distance(a, new float[a.length]);
  }

  private static double deviation(double[] x) {
    double mean = Arrays.stream(x).average().orElseThrow();
    return Math.sqrt(
        Arrays.stream(x).map(value -> (value - mean) * (value - mean)).average().orElseThrow());
  }
}
