package io.eddy.forecast;

import io.eddy.cell.CellStack;
import io.eddy.model.Model;
import io.eddy.model.SeriesPast;
import io.eddy.series.OpenStep;
import io.eddy.series.Sampling;
import io.eddy.series.Scaler;
import io.eddy.series.SegmentStore;
import io.eddy.series.SegmentsInMemory;
import io.eddy.series.Window;

/**
 * Everything that is remembered of one series: its past, the hidden state, the open step, the
 * waiting trial, and which version all that belongs to. Used by one thread.
 */
public final class SeriesState {
  private final SeriesPast past;
  private final OpenStep openStep;
  private final HiddenState hidden;
  private final TrialSlot trial;
  private Forecast.Served served;
  private Grid grid;

  /**
   * Where a series stands on its grid of steps.
   *
   * @param sampling the grid
   * @param lastStep the last closed step; meaningless while no step is closed
   */
  public record Grid(Sampling sampling, long lastStep) {}

  /** What a state is made of, as a codec restores it. */
  public record Parts(
      Forecast.Served served,
      Grid grid,
      SeriesPast past,
      OpenStep openStep,
      HiddenState hidden,
      TrialSlot trial) {}

  /** Where the parts of a series' state are kept that an event seldom needs as a whole. */
  public record Stores(SegmentStore segments, TrialSlot.Store trial, RingStore rings) {
    /** Stores on the heap. */
    public static Stores inMemory() {
      return new Stores(new SegmentsInMemory(), new TrialInMemory(), new RingsInMemory());
    }
  }

  public SeriesState(Parts parts) {
    served = parts.served();
    grid = parts.grid();
    past = parts.past();
    openStep = parts.openStep();
    hidden = parts.hidden();
    trial = parts.trial();
  }

  /** The state of a series of which nothing was seen. */
  public static SeriesState initial(Model model, long epoch, Stores stores) {
    return new SeriesState(
        new Parts(
            new Forecast.Served(model.version(), epoch),
            new Grid(model.specification().sampling(), Long.MIN_VALUE),
            new SeriesPast(
                new Window(model.specification().contextLength(), stores.segments()), new Scaler()),
            new OpenStep(),
            new HiddenState(model.stack(), stores.rings()),
            new TrialSlot(stores.trial(), TrialSlot.NONE)));
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

  /** The grid that the window's steps lie on. */
  public Sampling sampling() {
    return grid.sampling();
  }

  /** Level, scale and window. */
  public SeriesPast past() {
    return past;
  }

  public OpenStep openStep() {
    return openStep;
  }

  public HiddenState hidden() {
    return hidden;
  }

  public TrialSlot trial() {
    return trial;
  }

  /** Whether no step was closed since the series began or was started anew. */
  public boolean isEmpty() {
    return past.window().size() == 0;
  }

  void serve(Forecast.Served served) {
    this.served = served;
  }

  void serve(Forecast.Served served, CellStack stack) {
    this.served = served;
    hidden.begin(stack);
  }

  void closed(long step) {
    grid = new Grid(grid.sampling(), step);
  }

  /** Starts anew after a gap too long to bridge. */
  void restart() {
    past.restart();
    hidden.clear();
    trial.clear();
  }

  /** Starts anew on another grid: steps of one interval mean nothing on another. */
  void restart(Sampling sampling) {
    grid = new Grid(sampling, Long.MIN_VALUE);
    openStep.clear();
    restart();
  }
}
