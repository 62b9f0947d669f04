package io.eddy.rollout;

import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;

/** An activation and the version it names. */
public record ServingVersion(Activation activation, Model model) {
  /**
   * Whether a state of this version would be rebuilt for another; on another grid it begins anew,
   * which costs nothing. What amounts are to one is refused by a model of classes, so whether an
   * event gives a forecast would depend on when its series moves.
   */
  public boolean isRebuiltFor(ServingVersion other) {
    ModelSpecification here = model.specification();
    ModelSpecification there = other.model().specification();
    return !model.version().equals(other.model().version())
        && here.sampling().isSameGrid(there.sampling())
        && here.output().classes() == there.output().classes();
  }

  /** Whether an event is of the last closed step or one before. */
  public boolean isLate(Observation event, long lastStepMs) {
    Sampling sampling = model.specification().sampling();
    return sampling.stepOf(event.timestampMs()) <= sampling.stepOf(lastStepMs);
  }

  /** Steps that such a rebuild takes. */
  public long rebuildSteps() {
    return (long) model.specification().contextLength() * model.members().size();
  }
}
