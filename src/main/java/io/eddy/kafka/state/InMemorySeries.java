package io.eddy.kafka.state;

import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.Model;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import org.jspecify.annotations.Nullable;

/**
 * The state of one series on the heap, as the stream has it in its stores. Only where closed steps
 * may change is its past kept as bytes, which it can be taken back to.
 */
public final class InMemorySeries {
  private final LateRevisions revisions;
  private final LateRevisions.@Nullable Kept kept;
  private SeriesState state;

  /** Of a series of which nothing was seen. */
  public InMemorySeries(LateRevisions revisions, ServingVersion first) {
    this.revisions = revisions;
    SeriesRecords past = new SeriesRecords(ByteStore.inMemory(), "", new PendingForecastCodec());
    kept = revisions.keeping(past, ByteStore::inMemory, "");
    SeriesState.Stores stores =
        kept == null
            ? SeriesState.Stores.inMemory()
            : new SeriesState.Stores(past, past, past, past);
    state = SeriesState.initial(first.model(), first.activation().epoch(), stores);
  }

  public SeriesState state() {
    return state;
  }

  /** Whether an observation would give a forecast. */
  public boolean forecasts(Observation observation, Model model) {
    return revisions.forecasts(state, observation, model, kept);
  }

  /** Lets an observation act. */
  public StepResult apply(Observation observation, ServingVersion serving) {
    LateRevisions.Applied applied = revisions.apply(state, observation, serving, kept);
    state = applied.state();
    if (kept != null) {
      kept.past().flush();
      kept.rewind().flush(state);
    }
    return applied.result();
  }
}
