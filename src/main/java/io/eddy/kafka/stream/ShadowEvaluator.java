package io.eddy.kafka.stream;

import io.eddy.admission.LatenessPolicy;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.record.PublishedScore;
import io.eddy.kafka.state.SeriesRecords;
import io.eddy.kafka.state.StateCodec;
import io.eddy.kafka.state.StateHeader;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shadows at work. A series that is shadowed has a second state, which begins as the past that the
 * serving one has, run through the shadow's weights, and from then on takes the same events by the
 * same step function. Its forecasts go nowhere; one that has matured is scored. Where moves are
 * bounded, so is how many shadows begin.
 *
 * <p>What goes wrong here stays here: a shadow that throws, or whose forecast is not finite, is
 * over for its series until another activation, and its score says why.
 *
 * <p>Where nothing shadows, an event costs no look into the store. One for each task.
 */
final class ShadowEvaluator {
  private static final Logger log = LoggerFactory.getLogger(ShadowEvaluator.class);

  /** First byte of what stands in place of the state of one that failed; no layout of states. */
  private static final byte FAILED = 0;

  private final String model;
  private final ServingModels models;
  private final ShadowStore store;
  private final StepFunction steps;
  private long loggedEpoch;
  private long sweptChanges = -1;
  private long sweepingChanges = -1;

  /**
   * A shadow that waits for the serving version to take the event first.
   *
   * @param shadow what shadows
   * @param state null where it could not be opened
   * @param isFresh whether it begins with this event
   * @param trouble why it could not be opened
   */
  record Run(
      ServingVersion shadow,
      @Nullable SeriesState state,
      SeriesRecords past,
      boolean isFresh,
      String trouble) {}

  ShadowEvaluator(String model, ServingModels models, ShadowStore store, LatenessPolicy arrival) {
    steps = new StepFunction(arrival.onceEach());
    this.model = model;
    this.models = models;
    this.store = store;
  }

  /**
   * The shadow of an event's series; null where it has none.
   *
   * @param serving what serves the event
   * @param opened the serving version's state, before the event acts on it; not modified
   */
  @Nullable Run open(Observation event, ServingVersion serving, SeriesStateStore.Opened opened) {
    String series = event.series();
    ServingVersion shadow = models.shadowAt(series, event.timestampMs());
    if (shadow == null || shadow.model().version().equals(serving.model().version())) {
      if (store.mayHold() && models.isConcernedByShadows(series) && store.state(series) != null) {
        store.remove(series);
      }
      return null;
    }
    byte[] bytes = store.state(series);
    Forecast.Served former = bytes == null ? null : StateHeader.served(bytes);
    if (bytes != null && former != null) {
      boolean isSame = former.version().equals(shadow.model().version());
      if (bytes[0] == FAILED ? former.epoch() == shadow.activation().epoch() : isSame) {
        return bytes[0] == FAILED ? null : goOn(shadow, bytes, opened);
      }
      store.remove(series);
    }
    return isCovered(shadow, opened) ? begin(shadow, opened) : null;
  }

  /**
   * Whether a shadow may begin: to run the past through its weights costs as much as a move, and is
   * bounded as moves are. Until it is covered the series goes on without one.
   */
  private boolean isCovered(ServingVersion shadow, SeriesStateStore.Opened opened) {
    return opened.bytes() == null
        || !opened.state().sampling().isSameGrid(shadow.model().specification().sampling())
        || models.covers(shadow.rebuildSteps());
  }

  private Run goOn(ServingVersion shadow, byte[] bytes, SeriesStateStore.Opened opened) {
    SeriesRecords past = past(shadow, opened);
    return guarded(shadow, past, false, () -> decode(bytes, shadow, past));
  }

  /** Begins with the past of the serving version's state. */
  private Run begin(ServingVersion shadow, SeriesStateStore.Opened opened) {
    SeriesRecords past = past(shadow, opened);
    byte[] serving = opened.bytes();
    return guarded(
        shadow,
        past,
        true,
        () -> {
          if (serving == null) {
            return SeriesState.initial(shadow.model(), shadow.activation().epoch(), stores(past));
          }
          opened.state().window().copyTo(past);
          SeriesState state = decode(serving, shadow, past);
          state.trial().clear();
          return state;
        });
  }

  private SeriesRecords past(ServingVersion shadow, SeriesStateStore.Opened opened) {
    boolean isSameGrid =
        opened.state().sampling().isSameGrid(shadow.model().specification().sampling());
    return store.past(opened.series(), isSameGrid ? opened.past() : null);
  }

  private static SeriesState decode(byte[] bytes, ServingVersion shadow, SeriesRecords past) {
    return StateCodec.decode(bytes, shadow.model(), stores(past));
  }

  private static SeriesState.Stores stores(SeriesRecords past) {
    return new SeriesState.Stores(past, past, past, past);
  }

  private static Run guarded(
      ServingVersion shadow,
      SeriesRecords past,
      boolean isFresh,
      java.util.function.Supplier<SeriesState> opening) {
    try {
      return new Run(shadow, opening.get(), past, isFresh, "");
    } catch (KafkaException e) {
      throw e;
    } catch (RuntimeException e) {
      return new Run(shadow, null, past, isFresh, "its state cannot be opened: " + e);
    }
  }

  /**
   * Lets an event act, after the serving version took it.
   *
   * @return what to publish
   */
  List<PublishedScore> advance(Run run, Observation event) {
    SeriesState state = run.state();
    if (state == null) {
      return List.of(fail(run, event, run.trouble()));
    }
    StepResult result;
    try {
      result = steps.apply(state, event, run.shadow().model(), run.shadow().activation().epoch());
    } catch (KafkaException e) {
      throw e;
    } catch (RuntimeException e) {
      return List.of(fail(run, event, "it fails: " + e));
    }
    if (result instanceof StepResult.Dropped) {
      return List.of();
    }
    if (result instanceof StepResult.Refused refused) {
      return List.of(fail(run, event, refused.reason()));
    }
    if (result.forecasts().stream().anyMatch(advanced -> !advanced.forecast().isFinite())) {
      return List.of(fail(run, event, "its forecast is not finite"));
    }
    if (run.isFresh()) {
      run.past().forgetDeletions();
    }
    run.past().flush();
    store.put(event.series(), StateCodec.encode(state));
    List<PublishedScore> scores = new ArrayList<>(1);
    for (StepResult.Advanced advanced : result.forecasts()) {
      Score score = advanced.score();
      if (score != null) {
        scores.add(new PublishedScore(score, model, Role.SHADOW));
      }
    }
    return scores;
  }

  private PublishedScore fail(Run run, Observation event, String why) {
    Forecast.Served served =
        new Forecast.Served(run.shadow().model().version(), run.shadow().activation().epoch());
    if (loggedEpoch != served.epoch()) {
      loggedEpoch = served.epoch();
      log.warn(
          "version {} fails as a shadow under epoch {}, at series {} first: {}",
          served.version().shortSha(),
          served.epoch(),
          event.series(),
          why);
    }
    store.remove(event.series());
    store.put(
        event.series(),
        ByteBuffer.allocate(1 + served.version().digest().length + Long.BYTES)
            .put(FAILED)
            .put(served.version().digest())
            .putLong(served.epoch())
            .array());
    Forecast.Origin origin =
        new Forecast.Origin(
            event.series(),
            event.timestampMs(),
            run.shadow().model().specification().sampling().interval().toMillis(),
            served,
            false);
    return new PublishedScore(Score.none(origin), model, Role.SHADOW, why);
  }

  /** Deletes the shadow of a series, if it has one. */
  void remove(String series) {
    if (store.mayHold()) {
      store.remove(series);
    }
  }

  /**
   * Deletes, bit by bit, what shadows left that no event can reach any more. What ended from an
   * event time on is left to the series' own first event from then.
   */
  void sweep() {
    long changes = models.changes();
    if (!store.mayHold() || changes == sweptChanges) {
      return;
    }
    if (sweepingChanges == -1) {
      sweepingChanges = changes;
    }
    if (store.sweep(models::mayBeShadowed)) {
      sweptChanges = sweepingChanges;
      sweepingChanges = -1;
    }
  }
}
