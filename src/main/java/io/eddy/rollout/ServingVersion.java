package io.eddy.rollout;

import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;

/** An activation with its loaded model. */
public record ServingVersion(Activation activation, Model model) {
  /**
   * Returns whether a migration to another version rebuilds the state. With another sampling
   * interval the state starts empty, which costs nothing. Between values and classes it is not
   * delayed either, because whether an event produces a forecast would depend on when its series
   * migrates.
   */
  public boolean isRebuiltFor(ServingVersion other) {
    ModelSpecification current = model.specification();
    ModelSpecification target = other.model().specification();
    return !model.version().equals(other.model().version())
        && current.sampling().isSameGrid(target.sampling())
        && current.output().classes() == target.output().classes();
  }

  /** Returns whether an event belongs to the last closed step or an earlier one. */
  public boolean isLate(Observation event, long lastStepMs) {
    Sampling sampling = model.specification().sampling();
    return sampling.stepOf(event.timestampMs()) <= sampling.stepOf(lastStepMs);
  }

  /** Returns the number of steps that a rebuild for this version takes. */
  public long rebuildSteps() {
    return (long) model.specification().contextLength() * model.members().size();
  }
}
