package io.eddy.codec;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.HiddenState;
import io.eddy.forecast.SeriesState;
import io.eddy.forecast.TrialSlot;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.SeriesPast;
import io.eddy.series.Aggregation;
import io.eddy.series.OpenStep;
import io.eddy.series.Sampling;
import io.eddy.series.Scaler;
import io.eddy.series.Segment;
import io.eddy.series.Window;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The state of a series ↔ the bytes of the state store. Big-endian:
 *
 * <pre>
 *    1  layout, now 2
 *   32  model version            8  epoch
 *    8  interval, ms             1  aggregation           4  longest gap       8  last step
 *   48  scaler
 *    4  retained steps           8  steps so far          8  first step of the run
 *    4  imputed mask of the open segment, then 8 for each of its steps
 *    1  whether a step is open   [56 the open step]
 *    8  step at which the trial is due
 *    1  number of rings          [8 steps since the zero state, then for each: 1 layer, 4 slots]
 *    4  size n of the states of the layers of dilation 1   4·n  these states, little-endian, which
 *       most processors copy as they are
 * </pre>
 *
 * <p>Layout 1 held the rings as well, and is still read; its scaler had 32 bytes, and its end was
 *
 * <pre>
 *    4  position of the rings    4  size n of the hidden state   4·n  every slot of every layer
 * </pre>
 */
public final class StateCodec {
  private static final byte LAYOUT = 2;
  private static final byte LAYOUT_WITH_RINGS = 1;
  private static final int SHA_BYTES = 32;
  private static final int SCALER_BYTES = 48;
  private static final int OPEN_STEP_BYTES = 56;
  private static final int FIXED_BYTES =
      1 + SHA_BYTES + 8 + 21 + SCALER_BYTES + 20 + 4 + 1 + 8 + 1 + 4;

  private StateCodec() {}

  /** Bytes of a state; its full segments, its trial and its rings are kept elsewhere. */
  public static byte[] encode(SeriesState state) {
    ByteBuffer bytes = ByteBuffer.allocate(size(state));
    bytes.put(LAYOUT).put(state.served().version().digest()).putLong(state.served().epoch());
    Sampling sampling = state.sampling();
    bytes.putLong(sampling.interval().toMillis());
    bytes.put(sampling.aggregation().code());
    bytes.putInt(sampling.maxGapSteps());
    bytes.putLong(state.lastStep());
    for (double number : state.past().scaler().snapshot()) {
      bytes.putDouble(number);
    }
    Window window = state.past().window();
    bytes.putInt(window.retained()).putLong(window.count()).putLong(window.start());
    SegmentCodec.put(bytes, window.open(), openSteps(window));
    putOpenStep(bytes, state.openStep());
    bytes.putLong(state.trial().dueStep());
    putRings(bytes, state.hidden());
    bytes.putInt(state.hidden().plainSize());
    state.hidden().putPlain(bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
    return bytes.array();
  }

  private static int size(SeriesState state) {
    int rings = state.hidden().rings().size();
    return FIXED_BYTES
        + 8 * openSteps(state.past().window())
        + (state.openStep().isEmpty() ? 0 : OPEN_STEP_BYTES)
        + (rings == 0 ? 0 : 8 + 5 * rings)
        + Float.BYTES * state.hidden().plainSize();
  }

  private static int openSteps(Window window) {
    return (int) (window.count() % Segment.STEPS);
  }

  /**
   * Reads a state back.
   *
   * @param model that serves the series now; where the state belongs to another version, its hidden
   *     state is zero until the step function rebuilds it
   * @throws IllegalStateException on bytes of a layout that is not known
   */
  public static SeriesState decode(byte[] value, Model model, SeriesState.Stores stores) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    byte layout = bytes.get();
    if (layout != LAYOUT && layout != LAYOUT_WITH_RINGS) {
      throw new IllegalStateException(
          "series state of layout %d is not known; this release knows %d and %d"
              .formatted(layout, LAYOUT_WITH_RINGS, LAYOUT));
    }
    Forecast.Served served = new Forecast.Served(getVersion(bytes, model), bytes.getLong());
    SeriesState.Grid grid = getGrid(bytes, model.specification().sampling());
    Scaler scaler = new Scaler();
    scaler.restore(bytes.getDouble(), bytes.getDouble(), bytes.getDouble(), bytes.getDouble());
    if (layout == LAYOUT) {
      scaler.restoreError(bytes.getDouble(), bytes.getDouble());
    }
    Window window = new Window(model.specification().contextLength(), stores.segments());
    int retained = bytes.getInt();
    long count = bytes.getLong();
    long start = bytes.getLong();
    window.restore(retained, count, start, SegmentCodec.get(bytes, (int) (count % Segment.STEPS)));
    OpenStep open = getOpenStep(bytes);
    TrialSlot trial = new TrialSlot(stores.trial(), bytes.getLong());
    HiddenState hidden = new HiddenState(model.stack(), stores.rings());
    boolean isServing = served.version().equals(model.version());
    if (layout == LAYOUT) {
      getHidden(bytes, hidden, isServing);
    } else if (isServing) {
      int position = bytes.getInt();
      hidden.restoreWhole(position, getFloats(bytes, ByteOrder.BIG_ENDIAN));
    }
    return new SeriesState(
        new SeriesState.Parts(served, grid, new SeriesPast(window, scaler), open, hidden, trial));
  }

  /** The version, which is the serving one on nearly every event. */
  private static ModelVersion getVersion(ByteBuffer bytes, Model serving) {
    byte[] digest = new byte[SHA_BYTES];
    bytes.get(digest);
    ModelVersion version = serving.version();
    return Arrays.equals(digest, version.digest()) ? version : ModelVersion.ofDigest(digest);
  }

  private static SeriesState.Grid getGrid(ByteBuffer bytes, Sampling serving) {
    long intervalMs = bytes.getLong();
    byte aggregation = bytes.get();
    int maxGapSteps = bytes.getInt();
    boolean isServing =
        intervalMs == serving.interval().toMillis()
            && aggregation == serving.aggregation().code()
            && maxGapSteps == serving.maxGapSteps();
    Sampling sampling =
        isServing
            ? serving
            : new Sampling(Duration.ofMillis(intervalMs), Aggregation.of(aggregation), maxGapSteps);
    return new SeriesState.Grid(sampling, bytes.getLong());
  }

  private static void putRings(ByteBuffer bytes, HiddenState hidden) {
    List<HiddenState.Ring> rings = hidden.rings();
    bytes.put((byte) rings.size());
    if (!rings.isEmpty()) {
      bytes.putLong(hidden.steps());
      rings.forEach(ring -> bytes.put((byte) ring.layer()).putInt(ring.slots()));
    }
  }

  private static void getHidden(ByteBuffer bytes, HiddenState hidden, boolean isServing) {
    int size = bytes.get() & 0xFF;
    long steps = size == 0 ? 0 : bytes.getLong();
    List<HiddenState.Ring> rings = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      rings.add(new HiddenState.Ring(bytes.get() & 0xFF, bytes.getInt()));
    }
    if (isServing) {
      hidden.restore(steps, getFloats(bytes, ByteOrder.LITTLE_ENDIAN));
    } else {
      hidden.takeOver(rings);
    }
  }

  private static FloatBuffer getFloats(ByteBuffer bytes, ByteOrder order) {
    int size = bytes.getInt();
    return bytes.order(order).asFloatBuffer().limit(size);
  }

  private static void putOpenStep(ByteBuffer bytes, OpenStep open) {
    bytes.put((byte) (open.isEmpty() ? 0 : 1));
    if (!open.isEmpty()) {
      bytes.putLong(open.step()).putLong(open.count());
      bytes.putDouble(open.sum()).putDouble(open.min()).putDouble(open.max());
      bytes.putDouble(open.last()).putLong(open.lastTimestampMs());
    }
  }

  private static OpenStep getOpenStep(ByteBuffer bytes) {
    OpenStep open = new OpenStep();
    if (bytes.get() == 1) {
      long step = bytes.getLong();
      long count = bytes.getLong();
      double[] sumMinMaxLast = {
        bytes.getDouble(), bytes.getDouble(), bytes.getDouble(), bytes.getDouble()
      };
      open.restore(step, count, sumMinMaxLast, bytes.getLong());
    }
    return open;
  }
}
