package io.eddy.forecast;

import io.eddy.cell.Workspace;
import io.eddy.model.Base;
import io.eddy.model.HeadWorkspace;
import io.eddy.model.InputEncoder;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.RecentVersions;
import io.eddy.model.SeriesPast;
import io.eddy.model.Transform;
import io.eddy.series.Aggregation;
import io.eddy.series.Observation;
import io.eddy.series.OpenStep;
import io.eddy.series.Sampling;
import io.eddy.series.SegmentsInMemory;
import io.eddy.series.Window;
import org.jspecify.annotations.Nullable;

/**
 * The one step function: (state, observation, model) → (state, forecast).
 *
 * <p>An observation costs one step of the cells, whatever the length of the past; a gap costs one
 * more for each missing step. Where the state belongs to another version than the model given, it
 * is first rebuilt: the last W steps run through the new weights from zero, which is bit for bit
 * what a cold start on those steps gives. So is one whose rings do not belong to it, as they may
 * where a crash parted stores that are not written in one transaction.
 *
 * <p>Owns scratch space: one instance for each thread.
 */
public final class StepFunction {
  private static final int SCRATCHES = 8;

  private final RecentVersions<Scratch> scratches = new RecentVersions<>(SCRATCHES);

  private static final class Scratch {
    final float[] input;
    final Workspace workspace;
    final HeadWorkspace head;
    final Base.Workspace base;

    Scratch(Model model) {
      input = new float[model.encoder().size()];
      workspace = model.stack().newWorkspace();
      head = model.head().newWorkspace();
      base = model.base().newWorkspace();
    }
  }

  /**
   * Lets an observation act on a state.
   *
   * @param state modified
   * @param observation of the state's series
   * @param model the version that serves it
   * @param epoch of the activation that says so; 0 outside a stream
   */
  public StepResult apply(SeriesState state, Observation observation, Model model, long epoch) {
    ModelSpecification.Output output = model.specification().output();
    if (!output.takes(observation.value())) {
      return new StepResult.Refused(
          "value: expected a class, a whole number from 0 to %d, got %s; version %s serves"
              .formatted(output.classes() - 1, observation.value(), model.version().shortSha()));
    }
    Sampling sampling = model.specification().sampling();
    boolean sameGrid = state.sampling().isSameGrid(sampling);
    long step = sampling.stepOf(observation.timestampMs());
    if (sameGrid && !state.isEmpty() && step <= state.lastStep()) {
      return new StepResult.Dropped(
          step == state.lastStep() && sampling.aggregation() == Aggregation.FIRST
              ? StepResult.Reason.DUPLICATE
              : StepResult.Reason.LATE);
    }
    if (sameGrid && !state.openStep().isEmpty() && step < state.openStep().step()) {
      return new StepResult.Dropped(StepResult.Reason.LATE);
    }
    adopt(state, model, epoch);
    return sampling.aggregation() == Aggregation.FIRST
        ? close(state, step, observation.value(), observation.series(), model)
        : gather(state, step, observation, model);
  }

  /**
   * Closes a step with a value that was gathered elsewhere, as replays and backtests do.
   *
   * @param state modified; of the version given, the step after its last one or later
   * @param step the step's begin and its value
   */
  public StepResult close(SeriesState state, Observation step, Model model) {
    return close(
        state,
        model.specification().sampling().stepOf(step.timestampMs()),
        step.value(),
        step.series(),
        model);
  }

  private StepResult gather(SeriesState state, long step, Observation observation, Model model) {
    OpenStep open = state.openStep();
    if (!open.isEmpty() && step == open.step()) {
      open.add(observation.timestampMs(), observation.value());
      return new StepResult.Gathered();
    }
    boolean isFirst = open.isEmpty();
    long closing = isFirst ? step : open.step();
    double value = isFirst ? 0 : open.value(model.specification().sampling().aggregation());
    open.open(step, observation.timestampMs(), observation.value());
    return isFirst
        ? new StepResult.Gathered()
        : close(state, closing, value, observation.series(), model);
  }

  /** Closes {@code step} with its value and forecasts from there. */
  private StepResult close(SeriesState state, long step, double value, String series, Model model) {
    Scratch space = scratchFor(model);
    Sampling sampling = model.specification().sampling();
    if (!state.isEmpty() && step - state.lastStep() - 1 > sampling.maxGapSteps()) {
      state.restart();
    }
    if (!state.isEmpty()) {
      for (long missing = state.lastStep() + 1; missing < step; missing++) {
        state.past().impute();
        advance(state, missing, model, space);
      }
    }
    state.past().observe(value, model.encoder().scaling());
    advance(state, step, model, space);
    return forecast(state, series, model, space);
  }

  private void advance(SeriesState state, long step, Model model, Scratch space) {
    model.encoder().encode(state.past(), step, space.input, 0);
    state.closed(step);
    if (!state.hidden().step(space.input, space.workspace)) {
      state.hidden().clear();
      rebuild(state, model);
    }
  }

  private static StepResult forecast(SeriesState state, String series, Model model, Scratch space) {
    ModelSpecification specification = model.specification();
    model.head().apply(space.workspace.output(), 0, state.lastStep(), space.head);
    float[] scaled = space.head.forecast();
    Window window = state.past().window();
    double unit = state.past().unit(model.encoder().scaling());
    Transform transform = specification.inputs().transform();
    model.base().apply(state.past(), space.base);
    int perStep = specification.output().valuesPerStep();
    float[] base = new float[specification.output().horizon()];
    float[] values = new float[scaled.length];
    for (int step = 0; step < base.length; step++) {
      double from = space.base.ahead()[step];
      base[step] = (float) transform.invert(from);
      for (int k = step * perStep; k < (step + 1) * perStep; k++) {
        values[k] =
            specification.output().areClasses()
                ? scaled[k]
                : (float) transform.invert(Math.fma(unit, scaled[k], from));
      }
    }
    Sampling sampling = specification.sampling();
    Forecast forecast =
        new Forecast(
            new Forecast.Origin(
                series,
                sampling.startMs(state.lastStep()),
                sampling.interval().toMillis(),
                state.served(),
                window.size() >= specification.contextLength()),
            specification.output().quantileLevels(),
            specification.output().classes(),
            values);
    return new StepResult.Advanced(forecast, tryOut(state, forecast, base));
  }

  /** Scores the waiting trial where it is due, and lets this forecast wait in its place. */
  private static @Nullable Score tryOut(SeriesState state, Forecast forecast, float[] base) {
    TrialSlot slot = state.trial();
    if (slot.dueStep() != TrialSlot.NONE && state.lastStep() < slot.dueStep()) {
      return null;
    }
    Trial waiting = slot.waiting();
    Score score = waiting == null ? null : waiting.score(actual(state, waiting.forecast()));
    slot.begin(new Trial(forecast, base), state.lastStep() + base.length);
    return score;
  }

  private static double[] actual(SeriesState state, Forecast forecast) {
    Window window = state.past().window();
    long first = forecast.timestampMs(1) / forecast.origin().intervalMs();
    double[] actual = new double[forecast.horizon()];
    for (int step = 0; step < actual.length; step++) {
      long lag = state.lastStep() - (first + step);
      boolean isMeasured = lag < window.size() && !window.isImputed((int) lag);
      actual[step] = isMeasured ? window.value((int) lag) : Double.NaN;
    }
    return actual;
  }

  /** Makes the state one of {@code model}, rebuilding it where it belongs to another version. */
  private void adopt(SeriesState state, Model model, long epoch) {
    Forecast.Served served = new Forecast.Served(model.version(), epoch);
    if (state.served().equals(served)) {
      return;
    }
    if (state.served().version().equals(model.version())) {
      state.serve(served);
      return;
    }
    state.serve(served, model.stack());
    state.past().window().resize(model.specification().contextLength());
    if (state.sampling().isSameGrid(model.specification().sampling())) {
      rebuild(state, model);
    } else {
      state.restart(model.specification().sampling());
    }
  }

  /** Runs the last W steps through the model from zero, beginning with one that was measured. */
  private void rebuild(SeriesState state, Model model) {
    Scratch space = scratchFor(model);
    InputEncoder encoder = model.encoder();
    Window window = state.past().window();
    int oldest = window.size() - 1;
    while (oldest > 0 && window.isImputed(oldest)) {
      oldest--;
    }
    SeriesPast replay =
        new SeriesPast(
            new Window(model.specification().contextLength(), new SegmentsInMemory()),
            state.past().scaler());
    replay.scaler().clear();
    for (int lag = oldest; lag >= 0; lag--) {
      replay.replay(window.value(lag), window.isImputed(lag), encoder.scaling());
      encoder.encode(replay, state.lastStep() - lag, space.input, 0);
      if (!state.hidden().step(space.input, space.workspace)) {
        throw new IllegalStateException("a ring does not hold what was just written to it");
      }
    }
  }

  private Scratch scratchFor(Model model) {
    Scratch scratch = scratches.get(model.version());
    if (scratch == null) {
      scratch = new Scratch(model);
      scratches.put(model.version(), scratch);
    }
    return scratch;
  }
}
