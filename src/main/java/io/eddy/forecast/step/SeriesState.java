package io.eddy.forecast.step;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.calibration.Calibration;
import io.eddy.forecast.combination.CombinationState;
import io.eddy.forecast.score.PendingForecastSlot;
import io.eddy.model.Member;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.SeriesPast;
import io.eddy.series.OpenSteps;
import io.eddy.series.Sampling;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.OverlaySeriesStore;
import io.eddy.series.store.SeriesStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of one series: its window, the states of the model's members and of their combination
 * with simple forecasts, the open steps, the pending forecast, the calibration, and the version
 * that all this belongs to.
 *
 * <p>Full segments of the window, slots of rings and the pending forecast lie in a {@link
 * SeriesStore}; everything else is held here. Used by one thread.
 */
public final class SeriesState {
  /** A time that is not known. */
  public static final long NO_TIME = Long.MIN_VALUE;

  private final SeriesStore store;
  private final Window window;
  private final OpenSteps openSteps;
  private final PendingForecastSlot pendingForecast;
  private final Calibration calibration;
  private CombinationState combination;
  private List<MemberState> members;
  private Forecast.Served served;
  private Grid grid;
  private StepListener listener = StepListener.NONE;

  /** The anomaly detection as it was stored, until {@link #detect} is called. */
  private @Nullable ByteBuffer encodedAnomalies;

  private @Nullable SeriesAnomalies anomalies;

  /** Whether the silence of the series was published when the state was stored. */
  private boolean isSilenceReported;

  /**
   * The position of a series on its sampling grid.
   *
   * @param sampling the grid
   * @param lastStep the last closed step; meaningless while no step is closed
   */
  public record Grid(Sampling sampling, long lastStep) {}

  /**
   * The parts of a state that do not lie in its store.
   *
   * @param members one state for each member of the version served, all over that window
   * @param combination of the version served
   * @param calibration of the version served
   * @param dueStep of the pending forecast, or {@link PendingForecastSlot#NONE}
   */
  public record Parts(
      Forecast.Served served,
      Grid grid,
      Window window,
      List<MemberState> members,
      CombinationState combination,
      Calibration calibration,
      OpenSteps openSteps,
      long dueStep) {}

  /**
   * Creates a state.
   *
   * @param store that the window and the members use too
   */
  public SeriesState(Parts parts, SeriesStore store) {
    this.store = store;
    served = parts.served();
    grid = parts.grid();
    window = parts.window();
    members = List.copyOf(parts.members());
    combination = parts.combination();
    openSteps = parts.openSteps();
    pendingForecast = new PendingForecastSlot(store, parts.dueStep());
    calibration = parts.calibration();
  }

  /** Returns the state of a series before its first observation. */
  public static SeriesState initial(Model model, long epoch, SeriesStore store) {
    Window window = newWindow(model, store);
    List<MemberState> members = new ArrayList<>(model.members().size());
    for (Member member : model.members()) {
      members.add(
          new MemberState(
              SeriesPast.of(window, member.specification()),
              new HiddenState(member.stack(), store, members.size())));
    }
    return new SeriesState(
        new Parts(
            new Forecast.Served(model.version(), epoch),
            new Grid(model.specification().sampling(), Long.MIN_VALUE),
            window,
            members,
            new CombinationState(model.specification().output()),
            new Calibration(),
            new OpenSteps(),
            PendingForecastSlot.NONE),
        store);
  }

  /** Returns an empty window of a model's series. */
  public static Window newWindow(Model model, SeriesStore store) {
    ModelSpecification specification = model.specification();
    Window window = new Window(specification.contextLength(), store);
    expectSteps(window, specification);
    return window;
  }

  private static void expectSteps(Window window, ModelSpecification specification) {
    ModelSpecification.Output output = specification.output();
    output.baseline().expectSteps(window, output.horizon());
  }

  /** Returns the state of a series before its first observation, kept on the heap. */
  public static SeriesState inMemory(Model model) {
    return initial(model, 0, new InMemorySeriesStore());
  }

  /** Returns the version that the hidden state belongs to. */
  public Forecast.Served served() {
    return served;
  }

  /** Returns the last closed step; meaningful only if {@link #isEmpty} is false. */
  public long lastStep() {
    return grid.lastStep();
  }

  /** Returns when the last closed step began, epoch milliseconds, or {@link #NO_TIME}. */
  public long lastStepMs() {
    return isEmpty() ? NO_TIME : grid.sampling().startMs(grid.lastStep());
  }

  /** Returns the latest time known of the series, epoch milliseconds, or {@link #NO_TIME}. */
  public long newestMs() {
    return openSteps.isEmpty() ? lastStepMs() : Math.max(lastStepMs(), openSteps.lastTimestampMs());
  }

  /** Returns the sampling grid of the window's steps. */
  public Sampling sampling() {
    return grid.sampling();
  }

  /** Returns the last steps. */
  public Window window() {
    return window;
  }

  /** Returns the states of the model's members, in their order. */
  public List<MemberState> members() {
    return members;
  }

  /** Returns the steps that are not closed yet. */
  public OpenSteps openSteps() {
    return openSteps;
  }

  public PendingForecastSlot pendingForecast() {
    return pendingForecast;
  }

  /** Returns the state of the combination with simple forecasts. */
  public CombinationState combination() {
    return combination;
  }

  /** Returns the correction of the quantiles. */
  public Calibration calibration() {
    return calibration;
  }

  /**
   * Takes over an encoded anomaly detection.
   *
   * @param encoded read when {@link #detect} is called; empty if there is none
   */
  public void restoreAnomalies(ByteBuffer encoded) {
    encodedAnomalies = encoded.hasRemaining() ? encoded : null;
  }

  /**
   * Begins, continues or ends the detection of anomalies.
   *
   * @param detection ends it if it is off
   */
  public void detect(AnomalyDetection detection) {
    ByteBuffer encoded = encodedAnomalies;
    encodedAnomalies = null;
    if (detection.isOff()) {
      anomalies = null;
    } else if (encoded != null) {
      anomalies = SeriesAnomalies.decode(encoded, detection, grid.sampling());
    } else if (anomalies == null) {
      anomalies = new SeriesAnomalies(detection, grid.sampling());
    }
    if (isSilenceReported && anomalies != null) {
      anomalies.reportedSilence();
      isSilenceReported = false;
    }
  }

  /** Restores whether the silence of the series was published. */
  public void restoreSilence(boolean isReported) {
    isSilenceReported = isReported;
  }

  /** Returns when the series counts as silent, or {@link Silence#NEVER} if anomalies are off. */
  public long silenceDueMs() {
    SeriesAnomalies present = anomalies;
    return present == null || newestMs() == NO_TIME
        ? Silence.NEVER
        : present.silenceDueMs(newestMs());
  }

  /** Returns the anomaly detection, or null if it is off. */
  @Nullable SeriesAnomalies anomalies() {
    return anomalies;
  }

  /** Returns the number of bytes that {@link #putAnomalies} writes: 0 if the detection is off. */
  public int anomalyBytes() {
    SeriesAnomalies present = anomalies;
    return present != null
        ? present.bytes()
        : encodedAnomalies == null ? 0 : encodedAnomalies.remaining();
  }

  /** Writes the anomaly detection. */
  public void putAnomalies(ByteBuffer bytes) {
    SeriesAnomalies present = anomalies;
    if (present != null) {
      present.put(bytes);
    } else if (encodedAnomalies != null) {
      bytes.put(encodedAnomalies.duplicate());
    }
  }

  /** Sets the listener that is notified of changes from now on. */
  public void listen(StepListener listener) {
    this.listener = listener;
  }

  StepListener listener() {
    return listener;
  }

  /**
   * Takes over the open steps of a later state of the same series and version.
   *
   * @param epoch under which the version serves now
   */
  public void continueFrom(SeriesState later, long epoch) {
    openSteps.clear();
    later.openSteps.all().forEach(openSteps::append);
    served = new Forecast.Served(later.served.version(), epoch);
  }

  /** Returns whether no step was closed since the series began or was restarted. */
  public boolean isEmpty() {
    return window.size() == 0;
  }

  void serve(Forecast.Served served) {
    this.served = served;
  }

  /**
   * Changes the version: the window takes its size, its members begin at zero, members that it does
   * not have are dropped.
   */
  void serve(Forecast.Served served, Model model) {
    this.served = served;
    window.resize(model.specification().contextLength());
    expectSteps(window, model.specification());
    List<MemberState> begun = new ArrayList<>(model.members().size());
    for (int i = 0; i < model.members().size(); i++) {
      begun.add(begin(i, model.member(i)));
    }
    for (int i = begun.size(); i < members.size(); i++) {
      members.get(i).hidden().drop();
    }
    members = List.copyOf(begun);
    combination = new CombinationState(model.specification().output());
  }

  private MemberState begin(int index, Member member) {
    if (index >= members.size()) {
      HiddenState hidden = members.get(0).hidden().newMember(member.stack(), index);
      return new MemberState(SeriesPast.of(window, member.specification()), hidden);
    }
    HiddenState hidden = members.get(index).hidden();
    hidden.begin(member.stack());
    return new MemberState(SeriesPast.of(window, member.specification()), hidden);
  }

  void closed(long step) {
    grid = new Grid(grid.sampling(), step);
  }

  /** Returns a copy of this state over the same store. */
  SeriesState copy() {
    return copyOver(store);
  }

  /** Returns a copy of this state over another store, which must hold the same parts. */
  public SeriesState copyOver(SeriesStore other) {
    SeriesState copy = copy(other, pendingForecast.dueStep());
    if (anomalyBytes() > 0) {
      ByteBuffer bytes = ByteBuffer.allocate(anomalyBytes());
      putAnomalies(bytes);
      copy.restoreAnomalies(bytes.flip());
    }
    return copy;
  }

  /**
   * Returns a copy to compute a provisional forecast with: changes of it leave this state and its
   * store as they are, its pending forecast is never due, and it detects no anomalies.
   */
  SeriesState provisionalCopy() {
    return copy(new OverlaySeriesStore(store), Long.MAX_VALUE);
  }

  private SeriesState copy(SeriesStore other, long dueStep) {
    Window copied = window.copyOver(other);
    List<MemberState> same = new ArrayList<>(members.size());
    for (MemberState member : members) {
      same.add(
          new MemberState(member.past().copyWithWindow(copied), member.hidden().copyOver(other)));
    }
    return new SeriesState(
        new Parts(
            served,
            grid,
            copied,
            same,
            combination.copy(),
            calibration.copy(),
            openSteps.copy(),
            dueStep),
        other);
  }

  /** Resets members and combination to before the first step; the window stays. */
  void clearMembers() {
    for (MemberState member : members) {
      member.past().clear();
      member.hidden().clear();
    }
    combination.clear();
  }

  /** Restarts the series after a gap longer than the maximum. */
  void restart() {
    window.restart();
    clearMembers();
    pendingForecast.clear();
    calibration.clear();
  }

  /** Restarts the series on another sampling grid. */
  void restart(Sampling sampling) {
    grid = new Grid(sampling, Long.MIN_VALUE);
    openSteps.clear();
    anomalies = anomalies == null ? null : anomalies.restarted(sampling);
    restart();
  }
}
