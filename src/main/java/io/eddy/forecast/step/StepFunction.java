package io.eddy.forecast.step;

import io.eddy.admission.LatenessPolicy;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.forecast.score.PendingForecast;
import io.eddy.forecast.score.PendingForecastSlot;
import io.eddy.model.BaselineSpec;
import io.eddy.model.Imputation;
import io.eddy.model.MemberWorkspace;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Scaling;
import io.eddy.model.SeriesPast;
import io.eddy.model.Transform;
import io.eddy.model.VersionCache;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.InMemorySegments;
import io.eddy.series.Observation;
import io.eddy.series.OpenStep;
import io.eddy.series.OpenSteps;
import io.eddy.series.Sampling;
import io.eddy.series.Window;
import java.util.ArrayList;
import java.util.List;
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
 * <p>Of a model of several members each advances by itself, over the one window. The forecast is
 * the mean of theirs in the series' own unit, value by value: quantiles level by level (R.
 * Ratcliff, Group reaction time distributions, 1979), which therefore cross as little as the
 * members' do, and probabilities class by class. They are summed in float64, in the order of the
 * members.
 *
 * <p>Owns scratch space: one instance for each thread.
 */
public final class StepFunction {
  private static final int SCRATCHES = 8;

  private final LatenessPolicy arrival;
  private final VersionCache<Scratch> scratches = new VersionCache<>(SCRATCHES);

  /** For observations that come in order of time: a step closes at its end. */
  public StepFunction() {
    this(LatenessPolicy.IN_ORDER);
  }

  /** For observations that come as {@code arrival} says. */
  public StepFunction(LatenessPolicy arrival) {
    this.arrival = arrival;
  }

  /** Scratch space for a model. */
  private static final class Scratch {
    final List<MemberWorkspace> nets;
    final double[] sums;

    Scratch(Model model) {
      nets = model.members().stream().map(MemberWorkspace::new).toList();
      sums = new double[nets.get(0).forecastSize()];
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
      return refused(observation, model);
    }
    Sampling sampling = model.specification().sampling();
    long step = sampling.stepOf(observation.timestampMs());
    if (!state.sampling().isSameGrid(sampling)) {
      adopt(state, model, epoch);
    } else if (isOver(state, step, sampling)) {
      return new StepResult.Dropped(
          step == state.lastStep() && arrival.isImmediate(sampling)
              ? StepResult.Reason.DUPLICATE
              : StepResult.Reason.LATE);
    }
    if (arrival.isImmediate(sampling) && state.openSteps().isEmpty()) {
      adopt(state, model, epoch);
      if (arrival.isRevising()) {
        OpenStep alone = new OpenStep(step);
        alone.add(observation);
        state.log().closing(state, alone);
      }
      return close(state, closed(step, observation), observation.series(), model);
    }
    if (!state.openSteps().add(step, observation, arrival.remembered())) {
      return new StepResult.Dropped(StepResult.Reason.DUPLICATE);
    }
    adopt(state, model, epoch);
    return closeDue(state, observation.series(), model);
  }

  private static StepResult.Refused refused(Observation observation, Model model) {
    String expected =
        "value: expected a class, a whole number from 0 to "
            + (model.specification().output().classes() - 1);
    String serves = "; version %s serves".formatted(model.version().shortSha());
    return new StepResult.Refused(
        expected + ", got " + observation.value() + serves, expected + serves);
  }

  /** Whether a step takes no observation any more. */
  private boolean isOver(SeriesState state, long step, Sampling sampling) {
    OpenSteps open = state.openSteps();
    return (!state.isEmpty() && step <= state.lastStep())
        || (!open.isEmpty()
            && !arrival.isRevising()
            && open.find(step) == null
            && arrival.dueMs(step, sampling) <= open.lastTimestampMs());
  }

  /** Whether an observation is of the last closed step or one before. */
  public boolean isClosed(SeriesState state, Observation observation, Model model) {
    Sampling sampling = model.specification().sampling();
    return !state.isEmpty()
        && state.sampling().isSameGrid(sampling)
        && sampling.stepOf(observation.timestampMs()) <= state.lastStep();
  }

  /**
   * Whether an observation would give a forecast.
   *
   * @param state not modified
   */
  public boolean forecasts(SeriesState state, Observation observation, Model model) {
    ModelSpecification specification = model.specification();
    Sampling sampling = specification.sampling();
    if (!specification.output().takes(observation.value())) {
      return false;
    }
    long step = sampling.stepOf(observation.timestampMs());
    boolean sameGrid = state.sampling().isSameGrid(sampling);
    if (sameGrid && isOver(state, step, sampling)) {
      return false;
    }
    OpenSteps open = sameGrid ? state.openSteps() : new OpenSteps();
    if (open.isEmpty()) {
      return arrival.everyObservation() || arrival.isImmediate(sampling);
    }
    OpenStep present = open.find(step);
    if (present != null && !present.accepts(observation)) {
      return false;
    }
    long newestMs = Math.max(open.lastTimestampMs(), observation.timestampMs());
    return arrival.everyObservation()
        || arrival.dueMs(Math.min(step, open.first().step()), sampling) <= newestMs
        || (present == null && open.size() >= LatenessPolicy.MOST_OPEN);
  }

  /** Whether steps wait for further observations. */
  public boolean gathers(Sampling sampling) {
    return !arrival.isImmediate(sampling);
  }

  /** How many steps can be open at a time, while observations come. */
  public int openAtMost(Sampling sampling) {
    long late = arrival.lateness().toMillis() / sampling.interval().toMillis();
    return (int) Math.min(late + 2, LatenessPolicy.MOST_OPEN);
  }

  /**
   * Closes a step with a value that was gathered elsewhere, as replays and backtests do.
   *
   * @param state modified; of the version given, the step after its last one or later
   * @param step the step's begin and its value
   */
  public StepResult close(SeriesState state, Observation step, Model model) {
    long index = model.specification().sampling().stepOf(step.timestampMs());
    return close(state, closed(index, step), step.series(), model);
  }

  /**
   * Closes a step that had been closed before, in a state that was taken back to before it.
   *
   * @param state modified; of the version given
   */
  public StepResult.Advanced closeAgain(
      SeriesState state, OpenStep step, String series, Model model) {
    state.log().closing(state, step);
    return close(state, closed(step, model.specification().sampling()), series, model);
  }

  /**
   * What would be forecast if the open steps closed now, where each observation gives a forecast.
   *
   * @param state not modified
   */
  public List<StepResult.Advanced> provisional(SeriesState state, String series, Model model) {
    return arrival.everyObservation() && !state.openSteps().isEmpty()
        ? List.of(provisionalOf(state.aside(), series, model))
        : List.of();
  }

  /**
   * One step.
   *
   * @param index on the grid
   * @param covariates that came with the value
   * @param ahead what was known then of the steps after it
   */
  private record Step(
      long index, double value, boolean isImputed, Covariates covariates, FutureCovariates ahead) {
    /** The one that a state's window has {@code lag} steps before the last one. */
    static Step of(SeriesState state, int lag) {
      Window window = state.window();
      return new Step(
          state.lastStep() - lag,
          window.value(lag),
          window.isImputed(lag),
          window.covariates(lag),
          FutureCovariates.NONE);
    }

    /** One in which nothing was measured. */
    static Step missing(long index, double value) {
      return new Step(index, value, true, Covariates.NONE, FutureCovariates.NONE);
    }
  }

  private static Step closed(long index, Observation observation) {
    return new Step(
        index,
        observation.value(),
        false,
        observation.covariates(),
        observation.futureCovariates());
  }

  /** Closes the open steps that are over, in their order. */
  private StepResult closeDue(SeriesState state, String series, Model model) {
    OpenSteps open = state.openSteps();
    Sampling sampling = model.specification().sampling();
    long newestMs = open.lastTimestampMs();
    List<StepResult.Advanced> forecasts = new ArrayList<>(1);
    while (!open.isEmpty()
        && (open.size() > LatenessPolicy.MOST_OPEN
            || arrival.dueMs(open.first().step(), sampling) <= newestMs)) {
      OpenStep first = open.removeFirst();
      state.log().closing(state, first);
      forecasts.add(close(state, closed(first, sampling), series, model));
    }
    forecasts.addAll(provisional(state, series, model));
    return switch (forecasts.size()) {
      case 0 -> new StepResult.Gathered();
      case 1 -> forecasts.get(0);
      default -> new StepResult.Several(List.copyOf(forecasts));
    };
  }

  private StepResult.Advanced provisionalOf(SeriesState aside, String series, Model model) {
    Sampling sampling = model.specification().sampling();
    OpenSteps open = aside.openSteps();
    while (open.size() > 1) {
      close(aside, closed(open.removeFirst(), sampling), series, model);
    }
    Forecast forecast =
        close(aside, closed(open.removeFirst(), sampling), series, model).forecast();
    return new StepResult.Advanced(forecast.provisional(), null);
  }

  private static Step closed(OpenStep open, Sampling sampling) {
    OpenStep.Closed closed = open.closed(sampling.aggregation());
    return new Step(
        open.step(), closed.value(), false, closed.covariates(), closed.futureCovariates());
  }

  /** Closes {@code step} and forecasts from there. */
  private StepResult.Advanced close(SeriesState state, Step step, String series, Model model) {
    Scratch space = scratchFor(model);
    Sampling sampling = model.specification().sampling();
    if (!state.isEmpty() && step.index() - state.lastStep() - 1 > sampling.maxGapSteps()) {
      state.restart();
    }
    if (!state.isEmpty()) {
      for (long missing = state.lastStep() + 1; missing < step.index(); missing++) {
        append(state, Step.missing(missing, imputed(state, model, space)), model);
        advance(state, missing, model, space);
      }
    }
    append(state, step, model);
    advance(state, step.index(), model, space);
    know(state.members(), step.ahead(), space);
    return forecast(state, series, model, space);
  }

  /** What stands in for the value of the step after a state's last one. */
  private double imputed(SeriesState state, Model model, Scratch space) {
    ModelSpecification specification = model.specification();
    if (!Imputation.isForecast(specification)) {
      return Imputation.repeated(state.window(), specification);
    }
    if (!recall(state, space)) {
      rebuild(state, model);
      recall(state, space);
    }
    know(state.members(), FutureCovariates.NONE, space);
    Past past = new Past(state.window(), state.members(), state.lastStep());
    return Imputation.forecast(
        state.window(), published(state, past, specification, space), specification.output());
  }

  private static boolean recall(SeriesState state, Scratch space) {
    for (int i = 0; i < state.members().size(); i++) {
      if (!state.members().get(i).hidden().recall(space.nets.get(i).cells())) {
        return false;
      }
    }
    return true;
  }

  private static void append(SeriesState state, Step step, Model model) {
    append(state.members(), state.window(), step, model);
  }

  /** The next step joins every member's level, scale and covariates, then the window. */
  private static void append(List<MemberState> members, Window window, Step step, Model model) {
    for (int i = 0; i < members.size(); i++) {
      SeriesPast past = members.get(i).past();
      if (step.isImputed()) {
        past.miss();
      } else {
        past.measure(step.value(), step.covariates(), model.member(i).encoder().scaling());
      }
    }
    window.append(step.value(), step.isImputed(), step.covariates());
  }

  private void advance(SeriesState state, long step, Model model, Scratch space) {
    state.closed(step);
    if (!advance(state.members(), step, space)) {
      rebuild(state, model);
    }
  }

  /** Advances every member by one step; false where a ring does not hold what one goes on from. */
  private static boolean advance(List<MemberState> members, long step, Scratch space) {
    for (int i = 0; i < members.size(); i++) {
      MemberState state = members.get(i);
      MemberWorkspace net = space.nets.get(i);
      if (!state.hidden().step(net.encode(state.past(), step), net.cells())) {
        return false;
      }
    }
    return true;
  }

  private static StepResult.Advanced forecast(
      SeriesState state, String series, Model model, Scratch space) {
    Past past = new Past(state.window(), state.members(), state.lastStep());
    Met met = isDue(state, past) ? meet(state, past, model) : Met.NOTHING;
    Forecast forecast = forecast(state, past, series, model, space);
    if (state.trial().takes(forecast.origin())) {
      tryOut(
          state,
          past,
          new PendingForecast(forecast, simple(past, model, space), met.known()),
          model);
    }
    return new StepResult.Advanced(forecast, met.score());
  }

  /**
   * What a forecast is made of.
   *
   * @param window the last steps
   * @param members advanced by the last of them
   * @param lastStep its index
   */
  private record Past(Window window, List<MemberState> members, long lastStep) {}

  private static Forecast forecast(
      SeriesState state, Past past, String series, Model model, Scratch space) {
    ModelSpecification specification = model.specification();
    ModelSpecification.Output output = specification.output();
    float[] values = published(state, past, specification, space);
    Sampling sampling = specification.sampling();
    int context = specification.contextLength();
    int warm = Math.min(past.window().size(), context);
    return new Forecast(
        new Forecast.Origin(
            series,
            sampling.startMs(past.lastStep()),
            sampling.interval().toMillis(),
            state.served(),
            warm == context,
            new Forecast.Standing(context, warm, 0, false)),
        output.quantileLevels(),
        output.classes(),
        values);
  }

  /** The mean of the members' forecasts, widened while the series is cold, and calibrated. */
  private static float[] published(
      SeriesState state, Past past, ModelSpecification specification, Scratch space) {
    ModelSpecification.Output output = specification.output();
    float[] values = values(past, space);
    if (!output.cold().isNone() && past.window().size() < specification.contextLength()) {
      SeriesPast first = past.members().get(0).past();
      Transform transform = specification.inputs().transform();
      output.cold().widen(values, output.quantileLevels(), first, transform);
    }
    if (output.isCalibrated()) {
      state
          .calibration()
          .correct(values, output.quantileLevels().size(), specification.inputs().transform());
    }
    return values;
  }

  /** The first member's simple forecast and seasonal naive, in the series' own unit. */
  private static PendingForecast.Simple simple(Past past, Model model, Scratch space) {
    ModelSpecification specification = model.specification();
    double[] first = space.nets.get(0).base();
    Transform transform = specification.inputs().transform();
    float[] base = new float[specification.output().horizon()];
    for (int step = 0; step < base.length; step++) {
      base[step] = (float) transform.invert(first[step]);
    }
    return new PendingForecast.Simple(
        base, naive(past.window(), specification.output().base(), base.length));
  }

  /** The value one season before each step ahead, or the last one. */
  private static float[] naive(Window window, BaselineSpec simple, int horizon) {
    float[] naive = new float[horizon];
    for (int j = 0; j < horizon; j++) {
      naive[j] = (float) simple.at(window, j + 1);
    }
    return naive;
  }

  /** The mean of the members' forecasts. */
  private static float[] values(Past past, Scratch space) {
    float[] values = new float[space.sums.length];
    int members = past.members().size();
    for (int i = 0; i < members; i++) {
      space.nets.get(i).forecast(past.members().get(i).past(), past.lastStep(), values);
      if (members > 1) {
        for (int k = 0; k < values.length; k++) {
          space.sums[k] = i == 0 ? values[k] : space.sums[k] + values[k];
        }
      }
    }
    if (members > 1) {
      for (int k = 0; k < values.length; k++) {
        values[k] = (float) (space.sums[k] / members);
      }
    }
    return values;
  }

  private static boolean isDue(SeriesState state, Past past) {
    PendingForecastSlot slot = state.trial();
    return !slot.isFree() && past.lastStep() >= slot.dueStep();
  }

  /**
   * What came of a trial.
   *
   * @param score null where it was never published
   * @param known error of seasonal naive so far
   */
  private record Met(@Nullable Score score, PendingForecast.NaiveError known) {
    static final Met NOTHING = new Met(null, PendingForecast.NaiveError.NONE);
  }

  /** Scores the waiting trial, lets the state learn from it and frees its place. */
  private static Met meet(SeriesState state, Past past, Model model) {
    PendingForecast waiting = state.trial().waiting();
    state.trial().clear();
    if (waiting == null) {
      return Met.NOTHING;
    }
    double[] actual = actual(past, waiting.forecast());
    ModelSpecification.Output output = model.specification().output();
    if (output.isCalibrated()) {
      SeriesPast first = past.members().get(0).past();
      Scaling scaling = model.member(0).encoder().scaling();
      state
          .calibration()
          .learn(
              waiting.forecast(),
              actual,
              output.calibrationRate(),
              value -> first.transformed(value, scaling));
    }
    return waiting.isPublished()
        ? new Met(waiting.score(actual), waiting.knownAfter(actual))
        : new Met(null, waiting.known());
  }

  private static void tryOut(SeriesState state, Past past, PendingForecast trial, Model model) {
    state.trial().begin(trial, past.lastStep() + trialSteps(model.specification()));
  }

  /**
   * Steps from one trial to the next: the horizon, or the first number behind it that has no factor
   * in common with the season, so that every step ahead is tried out at every time of the season.
   */
  private static int trialSteps(ModelSpecification specification) {
    int horizon = specification.output().horizon();
    int season = specification.output().base().seasonSteps();
    int steps = horizon;
    while (season > 0 && greatestCommonDivisor(steps, season) > 1) {
      steps++;
    }
    return steps > specification.contextLength() ? horizon : steps;
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }

  private static double[] actual(Past past, Forecast forecast) {
    Window window = past.window();
    long first = forecast.timestampMs(1) / forecast.origin().intervalMs();
    double[] actual = new double[forecast.horizon()];
    for (int step = 0; step < actual.length; step++) {
      long lag = past.lastStep() - (first + step);
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
    state.log().beganAnew();
    state.serve(served, model);
    state.window().resize(model.specification().contextLength());
    if (state.sampling().isSameGrid(model.specification().sampling())) {
      rebuild(state, model);
    } else {
      state.restart(model.specification().sampling());
    }
  }

  /** Runs the last W steps through the model from zero, beginning with one that was measured. */
  private void rebuild(SeriesState state, Model model) {
    Scratch space = scratchFor(model);
    Window window = state.window();
    int oldest = window.size() - 1;
    while (oldest > 0 && window.isImputed(oldest)) {
      oldest--;
    }
    state.clearMembers();
    state.calibration().clear();
    boolean isCalibrated = model.specification().output().isCalibrated();
    if (isCalibrated) {
      state.trial().clear();
    }
    Window replayed = new Window(model.specification().contextLength(), new InMemorySegments());
    List<MemberState> members = new ArrayList<>(state.members().size());
    for (MemberState member : state.members()) {
      members.add(new MemberState(member.past().over(replayed), member.hidden()));
    }
    for (int lag = oldest; lag >= 0; lag--) {
      Step step = Step.of(state, lag);
      append(members, replayed, step, model);
      if (!advance(members, step.index(), space)) {
        throw new IllegalStateException("a ring does not hold what was just written to it");
      }
      if (isCalibrated && !step.isImputed()) {
        rehearse(state, new Past(replayed, members, step.index()), model, space);
      }
    }
  }

  /** Tries a forecast out that is not published, where a cold start would have had one wait. */
  private static void rehearse(SeriesState state, Past past, Model model, Scratch space) {
    Met met = isDue(state, past) ? meet(state, past, model) : Met.NOTHING;
    if (state.trial().isFree()) {
      know(past.members(), FutureCovariates.NONE, space);
      Forecast forecast = forecast(state, past, "", model, space);
      PendingForecast trial =
          new PendingForecast(forecast, simple(past, model, space), met.known());
      tryOut(state, past, trial.unpublished(), model);
    }
  }

  private static void know(List<MemberState> members, FutureCovariates ahead, Scratch space) {
    for (int i = 0; i < members.size(); i++) {
      space.nets.get(i).know(members.get(i).past(), ahead);
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
