package io.eddy.stream;

import io.eddy.codec.TrialCodec;
import io.eddy.forecast.SeriesState;
import io.eddy.forecast.StepResult;
import io.eddy.model.Model;
import io.eddy.series.Observation;
import org.jspecify.annotations.Nullable;

/**
 * The state of one series on the heap, as the stream has it in its stores. Only where closed steps
 * may change is its past kept as bytes, which it can be taken back to.
 */
final class ReplayedState {
  private final Revisions revisions;
  private final Revisions.@Nullable Kept kept;
  private SeriesState state;

  /** Of a series of which nothing was seen. */
  ReplayedState(Revisions revisions, ServingModels.Serving first) {
    this.revisions = revisions;
    StoredPast past = new StoredPast(ByteStore.inMemory(), "", new TrialCodec());
    kept = revisions.keeping(past, ByteStore::inMemory, "");
    SeriesState.Stores stores =
        kept == null
            ? SeriesState.Stores.inMemory()
            : new SeriesState.Stores(past, past, past, past);
    state = SeriesState.initial(first.model(), first.activation().epoch(), stores);
  }

  SeriesState state() {
    return state;
  }

  /** Whether an observation would give a forecast. */
  boolean forecasts(Observation observation, Model model) {
    return revisions.forecasts(state, observation, model, kept);
  }

  /** Lets an observation act. */
  StepResult apply(Observation observation, ServingModels.Serving serving) {
    Revisions.Applied applied = revisions.apply(state, observation, serving, kept);
    state = applied.state();
    if (kept != null) {
      kept.past().flush();
      kept.rewind().flush(state);
    }
    return applied.result();
  }
}
