package io.eddy.kafka.verify;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.state.InMemorySeries;
import io.eddy.kafka.state.LateRevisions;
import io.eddy.kafka.verify.ActivationTimeline.Point;
import io.eddy.model.ModelSpecification;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.GapFilling;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;
import io.eddy.series.Window;
import org.jspecify.annotations.Nullable;

/**
 * One series as it is replayed, and whether its state is known to be the stream's own, bit for bit.
 *
 * <p>It is not where the series may have begun before the first event that is kept. It is again
 * once the stream itself rebuilds the state from steps that were all replayed, as it does for new
 * weights, or starts the series anew after a gap.
 */
final class SeriesReplay {
  private final ActivationTimeline timeline;
  private final LateRevisions revisions;
  private InMemorySeries replayed;

  /** The step from which on alone the state is known, for it began anew there; or none. */
  private long knownFrom = Long.MIN_VALUE;

  /** The last step that events which are no longer kept may have been of; or none. */
  private long doubtfulTo = Long.MIN_VALUE;

  private Certainty certainty;

  /** What was known at the last event, and at the last that gave a forecast. */
  private Point last;

  private Point atForecast;

  /** The latest event since the last forecast. */
  private @Nullable Observation latest;

  /** Whether steps may be filled in by what goes before the window, as forecasts do. */
  private boolean isFilledFromAfar;

  /** Whether it is not even known which version the state belongs to. */
  private boolean isDoubted;

  /**
   * What is known of a state.
   *
   * @param exact the whole state
   * @param placed the last step
   * @param sinceBegin every step of the present run, so that none lies before the replay's first
   * @param retention how many steps are kept
   */
  private record Certainty(boolean exact, boolean placed, boolean sinceBegin, boolean retention) {
    static Certainty of(boolean isWhole) {
      return new Certainty(isWhole, isWhole, isWhole, isWhole);
    }

    Certainty withExact(boolean isExact) {
      return new Certainty(isExact, placed, sinceBegin, retention);
    }
  }

  /**
   * A series of which nothing was replayed.
   *
   * @param known at its first event
   * @param isWhole whether no earlier event of it can have been deleted
   */
  SeriesReplay(
      ActivationTimeline timeline,
      LateRevisions revisions,
      ServingVersion first,
      Point known,
      boolean isWhole) {
    this.timeline = timeline;
    this.revisions = revisions;
    replayed = new InMemorySeries(revisions, first);
    certainty = Certainty.of(isWhole);
    last = known;
    atForecast = known;
  }

  /** Whether the next forecast's bits follow from what was replayed. */
  boolean isExact() {
    return certainty.exact();
  }

  /** Whether the last step is known, and so which events close one. */
  boolean isPlaced() {
    return certainty.placed();
  }

  /** A forecast on the topic has the origin that the replay has. */
  void placed() {
    certainty =
        new Certainty(certainty.exact(), true, certainty.sinceBegin(), certainty.retention());
  }

  /** Begins anew with nothing known: the stream's state is another. */
  void forget(ServingVersion serving) {
    replayed = new InMemorySeries(revisions, serving);
    certainty = Certainty.of(false);
  }

  /** The state is no longer known, since what serves the next event of it is not. */
  void doubt() {
    certainty = new Certainty(false, false, certainty.sinceBegin(), false);
    isDoubted = true;
  }

  /** The observation at the time that says what serves it: the latest of its series. */
  Observation asked(Observation observation) {
    long newestMs = state().newestMs();
    return newestMs <= observation.timestampMs() || !isPlaced()
        ? observation
        : observation.withTimestampMs(newestMs);
  }

  /** The latest time of the series; the least of all where there is none. */
  long newestMs() {
    return state().newestMs();
  }

  /** What the state belongs to; null where that is not known. */
  Forecast.@Nullable Served served() {
    return isDoubted ? null : state().served();
  }

  /** Begin of the last closed step, epoch milliseconds; null where none is known. */
  @Nullable Long lastStepMs() {
    return state().isEmpty() ? null : Long.valueOf(state().sampling().startMs(state().lastStep()));
  }

  /** Whether an observation gives a forecast. */
  boolean closes(Observation observation, ServingVersion serving) {
    return replayed.forecasts(observation, serving.model());
  }

  /**
   * Lets an observation act.
   *
   * @param served what the stream knew of activations, and what the series waits for
   */
  StepResult apply(
      Observation observation, ServingVersion serving, ActivationVisibility.Served served) {
    Point known = served.point();
    SeriesState state = state();
    Window window = state.window();
    Run before =
        new Run(
            window.count() - window.start(),
            window.count(),
            window.retained(),
            !isDoubted && !state.served().version().equals(serving.model().version()),
            state.sampling().isSameGrid(serving.model().specification().sampling()));
    boolean isRevision = revisions.steps().isClosed(state, observation, serving.model());
    StepResult result = replayed.apply(observation, serving);
    if (result instanceof StepResult.Dropped || result instanceof StepResult.Refused) {
      return result;
    }
    if (latest == null || observation.timestampMs() > latest.timestampMs()) {
      latest = observation;
    }
    certainty = after(before, serving, served, latest);
    isFilledFromAfar |= serving.model().specification().sampling().gaps() != GapFilling.LAST;
    isDoubted = false;
    last = known;
    if (before.steps() == 0 && !state().isEmpty() && !certainty.sinceBegin()) {
      doubtfulTo = state().lastStep() + 2L * revisions.arrival().revisedSteps();
    }
    if (!result.forecasts().isEmpty()) {
      atForecast = known;
      latest = null;
      boolean isAnew = window.start() >= before.count() && window.count() > before.count();
      if (isRevision) {
        revised(observation, serving);
      } else if (before.steps() > 0 && before.sameGrid() && isAnew) {
        knownFrom = certainty.exact() ? knownFrom : state.lastStep();
        certainty = new Certainty(true, true, true, certainty.retention());
      }
    }
    return result;
  }

  /** A series that was taken back to before its state was known is not known any more. */
  private void revised(Observation observation, ServingVersion serving) {
    if (isBefore(observation, serving)) {
      certainty = certainty.withExact(false);
    }
  }

  private boolean isBefore(Observation observation, ServingVersion serving) {
    Sampling sampling = serving.model().specification().sampling();
    return sampling.stepOf(observation.timestampMs()) <= knownFrom;
  }

  /**
   * Whether the stream may make something else of an observation of a closed step: it may remember
   * what was measured in it before the replay begins, and go back to before that.
   */
  boolean mayMiss(Observation observation, ServingVersion serving) {
    Sampling sampling = serving.model().specification().sampling();
    return revisions.arrival().isRevising()
        && revisions.steps().isClosed(state(), observation, serving.model())
        && (!isPlaced() || sampling.stepOf(observation.timestampMs()) <= doubtfulTo);
  }

  /** The stream's state became another one, which is not known. */
  void unknown() {
    certainty = certainty.withExact(false);
  }

  private SeriesState state() {
    return replayed.state();
  }

  /** The run of steps before an event, and what the event's version changes. */
  private record Run(long steps, long count, int retained, boolean switches, boolean sameGrid) {}

  private Certainty after(
      Run before, ServingVersion serving, ActivationVisibility.Served served, Observation latest) {
    Point known = served.point();
    ModelSpecification specification = serving.model().specification();
    boolean gathers = revisions.steps().gathers(specification.sampling());
    if (before.switches() && !before.sameGrid()) {
      // Which events the first step gathers depends on when, between two of them, the other
      // version came.
      boolean isCertain = !gathers || known.equals(last);
      return new Certainty(isCertain, isCertain, isCertain, certainty.retention());
    }
    if (before.switches()) {
      boolean isExact = rebuildsExactly(before, specification, gathers);
      knownFrom = Long.MIN_VALUE;
      return certainty.withExact(isExact);
    }
    // Between two forecasts the state may have gone to another version and back, unseen.
    boolean mayHaveTurned =
        gathers && timeline.mayTurnBetween(atForecast, served, serving.model().version(), latest);
    return mayHaveTurned
        ? new Certainty(false, certainty.placed(), certainty.sinceBegin(), false)
        : certainty;
  }

  private boolean rebuildsExactly(Run before, ModelSpecification specification, boolean gathers) {
    int context = specification.contextLength();
    // The first steps that were gathered may have lost events.
    int doubtful = gathers ? revisions.steps().openAtMost(specification.sampling()) : 0;
    boolean areThere = certainty.sinceBegin() || before.steps() - doubtful >= context;
    boolean areKept =
        certainty.retention()
            || context <= before.retained()
            || (certainty.sinceBegin() && before.steps() <= before.retained());
    return areThere && areKept && (certainty.exact() || !isFilledFromAfar || isMeasured());
  }

  /** Whether every step of the window was measured. */
  private boolean isMeasured() {
    Window window = state().window();
    for (int lag = 0; lag < window.size(); lag++) {
      if (window.isImputed(lag)) {
        return false;
      }
    }
    return true;
  }
}
