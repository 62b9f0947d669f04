package io.eddy.codec;

import io.eddy.cell.StackState;
import io.eddy.forecast.Forecast;
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
import io.eddy.series.SegmentStore;
import io.eddy.series.Window;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;

/**
 * The state of a series ↔ the bytes of the state store. Big-endian:
 *
 * <pre>
 *    1  layout, now 1
 *   32  model version            8  epoch
 *    8  interval, ms             1  aggregation           4  longest gap       8  last step
 *   32  scaler
 *    4  retained steps           8  steps so far          8  first step of the run
 *    4  imputed mask of the open segment, then 8 for each of its steps
 *    1  whether a step is open   [56 the open step]
 *    8  step at which the trial is due
 *    4  position of the rings    4  size n of the hidden state   4·n  hidden state
 * </pre>
 */
public final class StateCodec {
  private static final byte LAYOUT = 1;
  private static final int SHA_BYTES = 32;
  private static final int FIXED_BYTES = 1 + SHA_BYTES + 8 + 21 + 32 + 20 + 4 + 1 + 56 + 8 + 8;

  private StateCodec() {}

  /** Bytes of a state; its full segments and its trial are kept elsewhere. */
  public static byte[] encode(SeriesState state) {
    Window window = state.past().window();
    float[] hidden = state.hidden().values();
    ByteBuffer bytes = ByteBuffer.allocate(FIXED_BYTES + 8 * Segment.STEPS + 4 * hidden.length);
    bytes.put(LAYOUT);
    bytes.put(HexFormat.of().parseHex(state.served().version().sha()));
    bytes.putLong(state.served().epoch());
    Sampling sampling = state.sampling();
    bytes.putLong(sampling.interval().toMillis());
    bytes.put(sampling.aggregation().code());
    bytes.putInt(sampling.maxGapSteps());
    bytes.putLong(state.lastStep());
    for (double number : state.past().scaler().snapshot()) {
      bytes.putDouble(number);
    }
    bytes.putInt(window.retained()).putLong(window.count()).putLong(window.start());
    SegmentCodec.put(bytes, window.open(), (int) (window.count() % Segment.STEPS));
    putOpenStep(bytes, state.openStep());
    bytes.putLong(state.trial().dueStep());
    bytes.putInt(state.hidden().position()).putInt(hidden.length);
    bytes.asFloatBuffer().put(hidden);
    return java.util.Arrays.copyOf(bytes.array(), bytes.position() + 4 * hidden.length);
  }

  /**
   * Reads a state back.
   *
   * @param model that serves the series now; where the state belongs to another version, its hidden
   *     state is zero until the step function rebuilds it
   * @throws IllegalStateException on bytes of a layout that is not known
   */
  public static SeriesState decode(
      byte[] value, Model model, SegmentStore segments, TrialSlot.Store trials) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    byte layout = bytes.get();
    if (layout != LAYOUT) {
      throw new IllegalStateException("series state of layout " + layout + " is not known");
    }
    byte[] sha = new byte[SHA_BYTES];
    bytes.get(sha);
    Forecast.Served served =
        new Forecast.Served(new ModelVersion(HexFormat.of().formatHex(sha)), bytes.getLong());
    SeriesState.Grid grid = getGrid(bytes);
    Scaler scaler = new Scaler();
    scaler.restore(bytes.getDouble(), bytes.getDouble(), bytes.getDouble(), bytes.getDouble());
    Window window = new Window(model.specification().contextLength(), segments);
    int retained = bytes.getInt();
    long count = bytes.getLong();
    long start = bytes.getLong();
    window.restore(retained, count, start, SegmentCodec.get(bytes, (int) (count % Segment.STEPS)));
    OpenStep open = getOpenStep(bytes);
    TrialSlot trial = new TrialSlot(trials, bytes.getLong());
    StackState hidden = model.stack().newState();
    int position = bytes.getInt();
    float[] numbers = new float[bytes.getInt()];
    if (served.version().equals(model.version())) {
      bytes.asFloatBuffer().get(numbers);
      hidden.restore(position, numbers);
    }
    return new SeriesState(
        new SeriesState.Parts(served, grid, new SeriesPast(window, scaler), open, hidden, trial));
  }

  private static SeriesState.Grid getGrid(ByteBuffer bytes) {
    Sampling sampling =
        new Sampling(
            Duration.ofMillis(bytes.getLong()), Aggregation.of(bytes.get()), bytes.getInt());
    return new SeriesState.Grid(sampling, bytes.getLong());
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
