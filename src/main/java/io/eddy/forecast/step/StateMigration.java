package io.eddy.forecast.step;

import io.eddy.forecast.Forecast;
import io.eddy.model.Model;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Migrates a series' state to another version. The last W steps run through the new weights from
 * the zero state, which gives, bit for bit, the state of a cold start on these steps.
 */
final class StateMigration {
  private StateMigration() {}

  /**
   * Makes a state one of {@code model}; rebuilds it if it belongs to another version.
   *
   * @param state modified
   */
  static void adopt(SeriesState state, Model model, long epoch, ModelScratch.Cache scratches) {
    Forecast.Served present = state.served();
    if (present.epoch() == epoch && present.version().equals(model.version())) {
      return;
    }
    Forecast.Served served = new Forecast.Served(model.version(), epoch);
    if (present.version().equals(model.version())) {
      state.serve(served);
      return;
    }
    state.listener().restarting();
    state.serve(served, model);
    if (state.sampling().isSameGrid(model.specification().sampling())) {
      rebuild(state, model, scratches.get(model));
    } else {
      state.restart(model.specification().sampling());
    }
  }

  /**
   * Runs the last W steps through the model from the zero state, beginning with a measured step.
   *
   * @param state modified
   */
  static void rebuild(SeriesState state, Model model, ModelScratch scratch) {
    Window window = state.window();
    int oldest = window.size() - 1;
    while (oldest > 0 && window.isImputed(oldest)) {
      oldest--;
    }
    state.clearMembers();
    state.calibration().clear();
    boolean isCalibrated = model.specification().output().isCalibrated();
    if (isCalibrated) {
      state.pendingForecast().clear();
    }
    boolean isCombined = !scratch.combination.isNone();
    MemberSteps replayed = replayed(state, model);
    for (int lag = oldest; lag >= 0; lag--) {
      ClosedStep step = ClosedStep.of(state, lag);
      replayed.append(step, model, scratch);
      if (!replayed.advance(step.index(), scratch)) {
        throw new IllegalStateException("a ring does not hold the state just written to it");
      }
      if ((isCalibrated || isCombined) && !step.isImputed()) {
        StepForecaster.Origin origin = new StepForecaster.Origin(replayed, step.index());
        StepForecaster.replay(state, origin, model, scratch);
      }
    }
    if (isCombined) {
      int seasons = model.specification().output().combination().seasons().size();
      window.replaceSeasonalMeans(replayed.window(), seasons);
    }
  }

  /** Returns the state's members over an empty window of their own. */
  private static MemberSteps replayed(SeriesState state, Model model) {
    Window window = new Window(model.specification().contextLength(), new InMemorySeriesStore());
    List<MemberState> members = new ArrayList<>(state.members().size());
    for (MemberState member : state.members()) {
      members.add(new MemberState(member.past().withWindow(window), member.hidden()));
    }
    return new MemberSteps(window, members, state.combination());
  }
}
