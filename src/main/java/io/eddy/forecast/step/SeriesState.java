package io.eddy.forecast.step;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.calibration.Calibration;
import io.eddy.forecast.calibration.InMemoryCalibrationShifts;
import io.eddy.forecast.score.InMemoryPendingForecast;
import io.eddy.forecast.score.PendingForecastSlot;
import io.eddy.model.Member;
import io.eddy.model.Model;
import io.eddy.model.SeriesPast;
import io.eddy.series.InMemorySegments;
import io.eddy.series.OpenSteps;
import io.eddy.series.Sampling;
import io.eddy.series.SegmentStore;
import io.eddy.series.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that is remembered of one series: its past, the states of the model's members, the
 * open steps, the waiting trial, how its quantiles are calibrated, and which version all that
 * belongs to. Used by one thread.
 */
public final class SeriesState {
  private final Window window;
  private final OpenSteps openSteps;
  private final PendingForecastSlot trial;
  private final Calibration calibration;
  private List<MemberState> members;
  private Forecast.Served served;
  private Grid grid;
  private StepListener log = StepListener.NONE;

  /**
   * Where a series stands on its grid of steps.
   *
   * @param sampling the grid
   * @param lastStep the last closed step; meaningless while no step is closed
   */
  public record Grid(Sampling sampling, long lastStep) {}

  /**
   * What a state is made of, as a codec restores it.
   *
   * @param members one state for each member of the version served, all over that window
   */
  public record Parts(
      Forecast.Served served,
      Grid grid,
      Window window,
      List<MemberState> members,
      OpenSteps openSteps,
      PendingForecastSlot trial,
      Calibration calibration) {}

  /** Where the parts of a series' state are kept that an event seldom needs as a whole. */
  public record Stores(
      SegmentStore segments,
      PendingForecastSlot.Store trial,
      RingStore rings,
      Calibration.Store shifts) {
    /** Stores on the heap. */
    public static Stores inMemory() {
      return new Stores(
          new InMemorySegments(),
          new InMemoryPendingForecast(),
          new InMemoryRings(),
          new InMemoryCalibrationShifts());
    }
  }

  public SeriesState(Parts parts) {
    served = parts.served();
    grid = parts.grid();
    window = parts.window();
    members = List.copyOf(parts.members());
    openSteps = parts.openSteps();
    trial = parts.trial();
    calibration = parts.calibration();
  }

  /** The state of a series of which nothing was seen. */
  public static SeriesState initial(Model model, long epoch, Stores stores) {
    Window window = new Window(model.specification().contextLength(), stores.segments());
    List<MemberState> members = new ArrayList<>(model.members().size());
    for (Member member : model.members()) {
      members.add(
          new MemberState(
              SeriesPast.begin(window, member.specification()),
              new HiddenState(member.stack(), stores.rings(), members.size())));
    }
    return new SeriesState(
        new Parts(
            new Forecast.Served(model.version(), epoch),
            new Grid(model.specification().sampling(), Long.MIN_VALUE),
            window,
            members,
            new OpenSteps(),
            new PendingForecastSlot(stores.trial(), PendingForecastSlot.NONE),
            new Calibration(stores.shifts())));
  }

  /** The state of a series of which nothing was seen, kept on the heap. */
  public static SeriesState inMemory(Model model) {
    return initial(model, 0, Stores.inMemory());
  }

  /** The version that the hidden state belongs to. */
  public Forecast.Served served() {
    return served;
  }

  /** The last closed step; meaningful only where {@link #isEmpty} is false. */
  public long lastStep() {
    return grid.lastStep();
  }

  /** The latest time that is known of the series, epoch milliseconds. */
  public long newestMs() {
    long closedMs = isEmpty() ? Long.MIN_VALUE : grid.sampling().startMs(grid.lastStep());
    return openSteps.isEmpty() ? closedMs : Math.max(closedMs, openSteps.lastTimestampMs());
  }

  /** The grid that the window's steps lie on. */
  public Sampling sampling() {
    return grid.sampling();
  }

  /** The last steps. */
  public Window window() {
    return window;
  }

  /** The states of the model's members, in their order. */
  public List<MemberState> members() {
    return members;
  }

  /** The steps that are not closed yet. */
  public OpenSteps openSteps() {
    return openSteps;
  }

  public PendingForecastSlot trial() {
    return trial;
  }

  Calibration calibration() {
    return calibration;
  }

  /** Tells {@code log} what becomes of it from now on. */
  public void logTo(StepListener log) {
    this.log = log;
  }

  StepListener log() {
    return log;
  }

  /**
   * Takes over the open steps of a later state of the same series and version.
   *
   * @param epoch under which the version serves now
   */
  public void goOnFrom(SeriesState later, long epoch) {
    openSteps.clear();
    later.openSteps.all().forEach(openSteps::append);
    served = new Forecast.Served(later.served.version(), epoch);
  }

  /** Whether no step was closed since the series began or was started anew. */
  public boolean isEmpty() {
    return window.size() == 0;
  }

  void serve(Forecast.Served served) {
    this.served = served;
  }

  /** Lets another model serve: its members begin at zero, those that it does not have are gone. */
  void serve(Forecast.Served served, Model model) {
    this.served = served;
    List<MemberState> begun = new ArrayList<>(model.members().size());
    for (int i = 0; i < model.members().size(); i++) {
      begun.add(begin(i, model.member(i)));
    }
    for (int i = begun.size(); i < members.size(); i++) {
      members.get(i).hidden().drop();
    }
    members = List.copyOf(begun);
  }

  private MemberState begin(int index, Member member) {
    if (index >= members.size()) {
      HiddenState hidden = members.get(0).hidden().beside(member.stack(), index);
      return new MemberState(SeriesPast.begin(window, member.specification()), hidden);
    }
    HiddenState former = members.get(index).hidden();
    former.begin(member.stack());
    return new MemberState(SeriesPast.begin(window, member.specification()), former);
  }

  void closed(long step) {
    grid = new Grid(grid.sampling(), step);
  }

  /**
   * The same state, to be advanced apart: what becomes of it leaves no trace in this one, nor in
   * its stores. Its trial is never due.
   */
  SeriesState aside() {
    Window apart = window.copyOnWrite();
    List<MemberState> same = new ArrayList<>(members.size());
    RingStore rings = new OverlayRings(members.get(0).hidden().store());
    for (MemberState member : members) {
      same.add(new MemberState(member.past().aside(apart), member.hidden().aside(rings)));
    }
    PendingForecastSlot never =
        new PendingForecastSlot(new InMemoryPendingForecast(), Long.MAX_VALUE);
    return new SeriesState(
        new Parts(served, grid, apart, same, openSteps.copy(), never, calibration.aside()));
  }

  /** Back to before the first step, but for the window. */
  void clearMembers() {
    for (MemberState member : members) {
      member.past().clear();
      member.hidden().clear();
    }
  }

  /** Starts anew after a gap too long to bridge. */
  void restart() {
    window.restart();
    clearMembers();
    trial.clear();
    calibration.clear();
  }

  /** Starts anew on another grid: steps of one interval mean nothing on another. */
  void restart(Sampling sampling) {
    grid = new Grid(sampling, Long.MIN_VALUE);
    openSteps.clear();
    restart();
  }
}
