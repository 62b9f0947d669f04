package io.eddy.kafka.state;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.calibration.Calibration;
import io.eddy.forecast.combination.CombinationState;
import io.eddy.forecast.step.HiddenState;
import io.eddy.forecast.step.MemberState;
import io.eddy.forecast.step.SeriesState;
import io.eddy.model.Covariate;
import io.eddy.model.CovariateState;
import io.eddy.model.Member;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.SeriesPast;
import io.eddy.series.Aggregation;
import io.eddy.series.Interval;
import io.eddy.series.OpenSteps;
import io.eddy.series.Sampling;
import io.eddy.series.Scaler;
import io.eddy.series.Segment;
import io.eddy.series.Window;
import io.eddy.series.store.SeriesStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Encodes the state of a series, big-endian. Full segments, slots of rings and the pending forecast
 * have keys of their own, see {@link StoreKeys}.
 *
 * <pre>
 *    1  layout, 11
 *    8  last event, ms, in the partition's time; the least long if it is not recorded
 *    8  latest time known of the series, ms; the least long if none exists
 *    8  time at which the series is silent, ms; the least long if anomalies are off
 *    1  whether its silence is published
 *   32  model version            8  epoch
 *    8  interval, ms             1  aggregation           4  maximum gap, steps
 *       0 if it is not fixed
 *    8  last closed step
 *       1 length n of the text form of an interval that is not fixed   n  that text, ASCII
 *    4  retained steps           8  steps so far          8  first step of the present run
 *    1  whether the open segment has covariates
 *       steps of the open segment, as {@link SegmentCodec} encodes them
 *       covariates of the open segment, as {@link SegmentCodec} encodes them, if there are any
 *    8  number of the first full segment that the next step reads      1  number of such segments
 *       these segments, as {@link SegmentCodec} encodes them; they have keys of their own, too
 *       open steps, as {@link OpenStepsCodec} encodes them
 *    8  step at which the pending forecast is due; the least long if none exists
 *    1  number of members, then for each of them
 *    1  size n of the scaler       8·n  the scaler
 *    1  number of values that contradict the bounds
 *    1  number of rings          [8 steps since the zero state, then for each: 1 layer, 4 slots]
 *    4  size n of the states of the layers of dilation 1   4·n  these states, little-endian, the
 *       byte order of most processors
 *    2  size m of the covariates' states                   8·m  these states
 *       and after the members
 *    2  bytes c of the combination                         c    its state
 *    2  bytes k of the calibration                         k    its corrections
 *    4  bytes a of the anomaly detection; 0 if it is off   a    its state
 * </pre>
 *
 * <p>Layouts 1 to 10 were never released.
 */
public final class StateCodec {
  private static final byte LAYOUT = 11;
  private static final int SHA_BYTES = 32;

  static final int LAST_EVENT_AT = 1;
  static final int NEWEST_AT = LAST_EVENT_AT + 8;
  static final int SILENCE_DUE_AT = NEWEST_AT + 8;
  static final int SILENCE_REPORTED_AT = SILENCE_DUE_AT + 8;
  static final int VERSION_AT = SILENCE_REPORTED_AT + 1;
  static final int GRID_AT = VERSION_AT + SHA_BYTES + 8;
  private static final int AGGREGATION_AT = GRID_AT + 8;
  private static final int MAX_GAP_AT = AGGREGATION_AT + 1;
  static final int LAST_STEP_AT = MAX_GAP_AT + 4;
  private static final int INTERVAL_TEXT_AT = LAST_STEP_AT + 8;

  private static final int FIXED_BYTES =
      LAST_STEP_AT + 8 + 4 + 8 + 8 + 1 + 8 + 1 + 8 + 1 + 2 + 2 + 4;
  private static final int MEMBER_BYTES = 1 + 1 + 1 + 4 + 2;

  private StateCodec() {}

  /**
   * Encodes a state.
   *
   * @param lastEventMs partition time of the series' last event, or {@link SeriesState#NO_TIME}
   */
  public static byte[] encode(SeriesState state, long lastEventMs) {
    Window window = state.window();
    int openSize = openSize(window);
    boolean hasCovariates = !window.open().covariates().isEmpty();
    List<Segment> expected = window.expectedSegments();
    ByteBuffer bytes = ByteBuffer.allocate(size(state, expected, hasCovariates));
    bytes.put(LAYOUT).putLong(lastEventMs).putLong(state.newestMs());
    bytes.putLong(state.silenceDueMs()).put((byte) 0);
    bytes.put(state.served().version().digest()).putLong(state.served().epoch());
    Sampling sampling = state.sampling();
    bytes.putLong(sampling.interval().fixedMs());
    bytes.put(sampling.aggregation().code());
    bytes.putInt(sampling.maxGapSteps());
    bytes.putLong(state.isEmpty() ? Long.MIN_VALUE : state.lastStep());
    byte[] text = intervalText(sampling.interval());
    if (text.length > 0) {
      bytes.put((byte) text.length).put(text);
    }
    bytes.putInt(window.retained()).putLong(window.count()).putLong(window.start());
    bytes.put((byte) (hasCovariates ? 1 : 0));
    SegmentCodec.put(bytes, window.open(), openSize);
    if (hasCovariates) {
      SegmentCodec.putCovariates(bytes, window.open(), openSize);
    }
    bytes.putLong(window.firstExpected()).put((byte) expected.size());
    for (Segment segment : expected) {
      SegmentCodec.put(bytes, segment, Segment.STEPS);
    }
    OpenStepsCodec.put(bytes, state.openSteps());
    bytes.putLong(state.pendingForecast().dueStep());
    bytes.put((byte) state.members().size());
    for (MemberState member : state.members()) {
      putScaler(bytes, member.past().scaler());
      bytes.put((byte) member.past().exceptions());
      putHidden(bytes, member.hidden());
      putCovariates(bytes, member.past().covariates());
    }
    bytes.putShort((short) state.combination().bytes());
    state.combination().put(bytes);
    bytes.putShort((short) state.calibration().bytes());
    state.calibration().put(bytes);
    bytes.putInt(state.anomalyBytes());
    state.putAnomalies(bytes);
    return bytes.array();
  }

  private static int size(SeriesState state, List<Segment> expected, boolean hasCovariates) {
    Window window = state.window();
    int openSize = openSize(window);
    int text = intervalText(state.sampling().interval()).length;
    int size = FIXED_BYTES + (text == 0 ? 0 : 1 + text);
    size += SegmentCodec.size(window.open(), openSize) + OpenStepsCodec.size(state.openSteps());
    size += state.combination().bytes() + state.calibration().bytes() + state.anomalyBytes();
    for (Segment segment : expected) {
      size += SegmentCodec.size(segment, Segment.STEPS);
    }
    size += hasCovariates ? SegmentCodec.covariatesSize(window.open(), openSize) : 0;
    for (MemberState member : state.members()) {
      int rings = member.hidden().rings().size();
      size += MEMBER_BYTES + (rings == 0 ? 0 : 8 + 5 * rings);
      size += Double.BYTES * member.past().scaler().snapshotSize();
      size += Float.BYTES * member.hidden().plainSize();
      size += Double.BYTES * CovariateState.SNAPSHOT_SIZE * member.past().covariates().size();
    }
    return size;
  }

  /** Returns how many steps the open segment of a window has. */
  private static int openSize(Window window) {
    return (int) (window.count() % Segment.STEPS);
  }

  /**
   * Checks the layout.
   *
   * @throws UnknownLayoutException on an unknown layout
   */
  static void requireLayout(byte[] value) {
    if (value[0] != LAYOUT) {
      throw new UnknownLayoutException("series state", value[0]);
    }
  }

  /**
   * Decodes a state.
   *
   * @param model that serves the series now; if the state belongs to another version, its hidden
   *     state is zero until the step function rebuilds it
   * @param store that holds the state's other parts
   * @throws UnknownLayoutException on an unknown layout
   */
  public static SeriesState decode(byte[] value, Model model, SeriesStore store) {
    requireLayout(value);
    ByteBuffer bytes = ByteBuffer.wrap(value).position(VERSION_AT);
    Forecast.Served served = new Forecast.Served(getVersion(bytes, model), bytes.getLong());
    Sampling sampling = sampling(bytes, model.specification().sampling());
    SeriesState.Grid grid = new SeriesState.Grid(sampling, bytes.getLong(LAST_STEP_AT));
    bytes.position(afterGrid(bytes));
    Window window = SeriesState.newWindow(model, store);
    int retained = bytes.getInt();
    long count = bytes.getLong();
    long start = bytes.getLong();
    int openSize = (int) (count % Segment.STEPS);
    boolean hasCovariates = bytes.get() != 0;
    Segment open = SegmentCodec.get(bytes, openSize);
    if (hasCovariates) {
      SegmentCodec.getCovariates(bytes, open, openSize);
    }
    window.restore(retained, count, start, open);
    long expected = bytes.getLong();
    for (int left = bytes.get(); left > 0; left--) {
      window.restoreSegment(expected++, SegmentCodec.get(bytes, Segment.STEPS));
    }
    OpenSteps openSteps = new OpenSteps();
    OpenStepsCodec.get(bytes, openSteps);
    long dueStep = bytes.getLong();
    boolean isServing = served.version().equals(model.version());
    int size = bytes.get() & 0xFF;
    List<MemberState> members = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      // A member that the model does not have is replaced before its state is used.
      Member member = model.member(Math.min(i, model.members().size() - 1));
      HiddenState hidden = new HiddenState(member.stack(), store, i);
      Scaler scaler = getScaler(bytes);
      int exceptions = bytes.get();
      getHidden(bytes, hidden, isServing);
      SeriesPast past = getPast(bytes, window, scaler, member, isServing);
      past.restoreExceptions(exceptions);
      members.add(new MemberState(past, hidden));
    }
    CombinationState combination = getCombination(bytes, model, isServing);
    Calibration calibration = new Calibration();
    calibration.get(bytes, bytes.getShort() & 0xFFFF);
    SeriesState state =
        new SeriesState(
            new SeriesState.Parts(
                served, grid, window, members, combination, calibration, openSteps, dueStep),
            store);
    state.restoreSilence(value[SILENCE_REPORTED_AT] != 0);
    int anomalyBytes = bytes.getInt();
    state.restoreAnomalies(bytes.slice(bytes.position(), anomalyBytes));
    return state;
  }

  private static CombinationState getCombination(ByteBuffer bytes, Model model, boolean isServing) {
    CombinationState combination = new CombinationState(model.specification().output());
    int size = bytes.getShort() & 0xFFFF;
    if (isServing) {
      combination.get(bytes);
    } else {
      bytes.position(bytes.position() + size);
    }
    return combination;
  }

  private static void putCovariates(ByteBuffer bytes, CovariateState covariates) {
    double[] numbers = covariates.snapshot();
    bytes.putShort((short) numbers.length);
    for (double number : numbers) {
      bytes.putDouble(number);
    }
  }

  private static SeriesPast getPast(
      ByteBuffer bytes, Window window, Scaler scaler, Member member, boolean isServing) {
    List<Covariate> inputs = member.specification().inputs().covariates();
    CovariateState covariates = CovariateState.of(inputs);
    double[] numbers = new double[bytes.getShort() & 0xFFFF];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = bytes.getDouble();
    }
    if (isServing) {
      covariates.restore(numbers);
    }
    return new SeriesPast(window, scaler, covariates);
  }

  private static void putScaler(ByteBuffer bytes, Scaler scaler) {
    double[] numbers = scaler.snapshot();
    bytes.put((byte) numbers.length);
    for (double number : numbers) {
      bytes.putDouble(number);
    }
  }

  private static Scaler getScaler(ByteBuffer bytes) {
    Scaler scaler = new Scaler();
    double[] numbers = new double[bytes.get()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = bytes.getDouble();
    }
    scaler.restore(numbers);
    return scaler;
  }

  /** Reads the version; reuses the serving one, which it nearly always is. */
  private static ModelVersion getVersion(ByteBuffer bytes, Model serving) {
    byte[] digest = new byte[SHA_BYTES];
    bytes.get(digest);
    ModelVersion version = serving.version();
    return Arrays.equals(digest, version.digest()) ? version : ModelVersion.ofDigest(digest);
  }

  /** Reads the sampling grid of an encoded state; reuses the serving one, which it mostly is. */
  private static Sampling sampling(ByteBuffer bytes, Sampling serving) {
    long fixedMs = bytes.getLong(GRID_AT);
    boolean isServing =
        fixedMs == serving.interval().fixedMs()
            && bytes.get(AGGREGATION_AT) == serving.aggregation().code()
            && bytes.getInt(MAX_GAP_AT) == serving.maxGapSteps()
            && (fixedMs > 0 || intervalText(bytes).equals(serving.interval().toString()));
    return isServing ? serving : sampling(bytes);
  }

  /** Reads the sampling grid of an encoded state. */
  static Sampling sampling(ByteBuffer bytes) {
    long fixedMs = bytes.getLong(GRID_AT);
    return new Sampling(
        fixedMs > 0 ? Interval.ofMillis(fixedMs) : Interval.parse(intervalText(bytes)),
        Aggregation.of(bytes.get(AGGREGATION_AT)),
        bytes.getInt(MAX_GAP_AT));
  }

  private static byte[] intervalText(Interval interval) {
    return interval.isFixed()
        ? new byte[0]
        : interval.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String intervalText(ByteBuffer bytes) {
    byte[] text = new byte[bytes.get(INTERVAL_TEXT_AT) & 0xFF];
    bytes.get(INTERVAL_TEXT_AT + 1, text);
    return new String(text, StandardCharsets.US_ASCII);
  }

  /** Returns the position after the last closed step and the interval. */
  static int afterGrid(ByteBuffer bytes) {
    return bytes.getLong(GRID_AT) > 0
        ? INTERVAL_TEXT_AT
        : INTERVAL_TEXT_AT + 1 + (bytes.get(INTERVAL_TEXT_AT) & 0xFF);
  }

  private static void putHidden(ByteBuffer bytes, HiddenState hidden) {
    List<HiddenState.Ring> rings = hidden.rings();
    bytes.put((byte) rings.size());
    if (!rings.isEmpty()) {
      bytes.putLong(hidden.steps());
      rings.forEach(ring -> bytes.put((byte) ring.layer()).putInt(ring.slots()));
    }
    int size = hidden.plainSize();
    bytes.putInt(size);
    hidden.putPlain(nextFloats(bytes, size));
  }

  private static void getHidden(ByteBuffer bytes, HiddenState hidden, boolean isServing) {
    int size = bytes.get() & 0xFF;
    long steps = size == 0 ? 0 : bytes.getLong();
    List<HiddenState.Ring> rings = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      rings.add(new HiddenState.Ring(bytes.get() & 0xFF, bytes.getInt()));
    }
    FloatBuffer plain = nextFloats(bytes, bytes.getInt());
    if (isServing) {
      hidden.restore(steps, plain);
    } else {
      hidden.takeOver(rings);
    }
  }

  /** Returns a view of the next {@code size} little-endian floats and moves behind them. */
  private static FloatBuffer nextFloats(ByteBuffer bytes, int size) {
    FloatBuffer floats = bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().limit(size);
    bytes.order(ByteOrder.BIG_ENDIAN).position(bytes.position() + Float.BYTES * size);
    return floats;
  }
}
