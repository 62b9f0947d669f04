package io.eddy.forecast.step;

import io.eddy.forecast.combination.CombinationState;
import io.eddy.model.MemberWorkspace;
import io.eddy.model.Model;
import io.eddy.model.SeriesPast;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Window;
import java.util.List;

/**
 * The members' states over one window.
 *
 * @param window that all members share
 * @param members in their order; their pasts have that window
 * @param combination of the members' mean with simple forecasts
 */
record MemberSteps(Window window, List<MemberState> members, CombinationState combination) {
  /**
   * Adds a step to every member's level, scale and covariates and to the combination, then to the
   * window.
   */
  void append(ClosedStep step, Model model, ModelScratch scratch) {
    for (int i = 0; i < members.size(); i++) {
      SeriesPast past = members.get(i).past();
      if (step.isImputed()) {
        past.updateMissing();
      } else {
        past.update(step.value(), step.covariates(), model.member(i).encoder().scaling());
      }
    }
    if (scratch.combination.isNone()) {
      window.append(step.value(), step.isImputed(), step.covariates());
      return;
    }
    SeriesPast past = members.get(0).past();
    float[] means =
        scratch.combination.observe(
            combination, step.index(), step.value(), step.isImputed(), past);
    window.append(step.value(), step.isImputed(), step.covariates(), means);
  }

  /**
   * Advances every member by the step appended last.
   *
   * @return false if a ring does not hold the state that a member continues from
   */
  boolean advance(long step, ModelScratch scratch) {
    for (int i = 0; i < members.size(); i++) {
      MemberState state = members.get(i);
      MemberWorkspace workspace = scratch.members.get(i);
      if (!state.hidden().step(workspace.encode(state.past(), step), workspace.cells())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Restores every member's output after its last step.
   *
   * @return false if a ring does not hold it
   */
  boolean recall(ModelScratch scratch) {
    for (int i = 0; i < members.size(); i++) {
      if (!members.get(i).hidden().recall(scratch.members.get(i).cells())) {
        return false;
      }
    }
    return true;
  }

  /** Sets the future covariates that the next forecast uses. */
  void setFutureCovariates(FutureCovariates ahead, ModelScratch scratch) {
    for (int i = 0; i < members.size(); i++) {
      scratch.members.get(i).setFutureCovariates(members.get(i).past(), ahead);
    }
  }
}
