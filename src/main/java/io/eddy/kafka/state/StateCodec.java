package io.eddy.kafka.state;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.calibration.Calibration;
import io.eddy.forecast.score.PendingForecastSlot;
import io.eddy.forecast.step.HiddenState;
import io.eddy.forecast.step.MemberState;
import io.eddy.forecast.step.RingStore;
import io.eddy.forecast.step.SeriesState;
import io.eddy.model.Covariate;
import io.eddy.model.CovariateState;
import io.eddy.model.Member;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.SeriesPast;
import io.eddy.series.Aggregation;
import io.eddy.series.OpenSteps;
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
 *    1  layout: 2, or 3 where the model has several members, 4 where covariates are kept, or 6
 *       where steps are open
 *   32  model version            8  epoch
 *    8  interval, ms             1  aggregation           4  longest gap       8  last step
 *   48  scaler
 *    4  retained steps           8  steps so far          8  first step of the run
 *    4  imputed mask of the open segment, then 8 for each of its steps
 *    1  whether a step is open as layouts 2 to 5 have it, then
 *       [8 step    8 observations    8 sum    8 least    8 largest    8 last    8 its time]
 *    8  step at which the trial is due
 *    1  number of rings          [8 steps since the zero state, then for each: 1 layer, 4 slots]
 *    4  size n of the states of the layers of dilation 1   4·n  these states, little-endian, which
 *       most processors copy as they are
 * </pre>
 *
 * What is said of scaler, rings and layers is the first member's; layouts 3 to 6 go on with
 *
 * <pre>
 *    1  number of further members, then for each of them
 *   48  scaler; its rings and the states of its layers of dilation 1 as above
 * </pre>
 *
 * layouts 4 to 6 with
 *
 * <pre>
 *       the covariates of the open segment, as {@link SegmentCodec} has them
 *    2  number of those of the open step of layouts 4 and 5, then for each 2 bytes of the name, the
 *       name, 8
 *       layout 5 alone: what is known ahead in the open step, as {@link FutureCovariatesCodec} has it
 *   40  for each covariate of the model, by member: scaler without its error, last number known
 * </pre>
 *
 * and layout 6 with the open steps, as {@link OpenStepsCodec} has them. Where 64 is added to the
 * layout, 8 bytes behind all that say when the series was heard of last.
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
  private static final byte LAYOUT_OF_SEVERAL = 3;
  private static final byte LAYOUT_WITH_COVARIATES = 4;
  private static final byte LAYOUT_WITH_AHEAD = 5;
  private static final byte LAYOUT_WITH_OPEN_STEPS = 6;
  private static final int SHA_BYTES = 32;
  private static final int SCALER_BYTES = 48;
  private static final int FIXED_BYTES = 1 + SHA_BYTES + 8 + 21 + 20 + 4 + 1 + 8;
  private static final int MEMBER_BYTES = SCALER_BYTES + 1 + 4;

  private StateCodec() {}

  /** Bytes of a state; its full segments, its trial and its rings are kept elsewhere. */
  public static byte[] encode(SeriesState state) {
    return put(state, ByteBuffer.allocate(size(state))).array();
  }

  /** The same, which says when the series was heard of last, epoch milliseconds. */
  public static byte[] encode(SeriesState state, long heardMs) {
    ByteBuffer bytes = put(state, ByteBuffer.allocate(size(state) + Long.BYTES));
    bytes.put(0, (byte) (bytes.get(0) | StateHeader.HEARD));
    return bytes.putLong(heardMs).array();
  }

  private static ByteBuffer put(SeriesState state, ByteBuffer bytes) {
    List<MemberState> members = state.members();
    bytes.put(layout(state));
    bytes.put(state.served().version().digest()).putLong(state.served().epoch());
    Sampling sampling = state.sampling();
    bytes.putLong(sampling.interval().toMillis());
    bytes.put(sampling.aggregation().code());
    bytes.putInt(sampling.maxGapSteps());
    bytes.putLong(state.lastStep());
    putScaler(bytes, members.get(0).past().scaler());
    Window window = state.window();
    bytes.putInt(window.retained()).putLong(window.count()).putLong(window.start());
    SegmentCodec.put(bytes, window.open(), openSteps(window));
    bytes.put((byte) 0);
    bytes.putLong(state.trial().dueStep());
    putHidden(bytes, members.get(0).hidden());
    if (layout(state) != LAYOUT) {
      bytes.put((byte) (members.size() - 1));
      for (MemberState member : members.subList(1, members.size())) {
        putScaler(bytes, member.past().scaler());
        putHidden(bytes, member.hidden());
      }
    }
    if (layout(state) >= LAYOUT_WITH_COVARIATES) {
      putCovariates(bytes, state);
    }
    if (layout(state) == LAYOUT_WITH_OPEN_STEPS) {
      OpenStepsCodec.put(bytes, state.openSteps());
    }
    return bytes;
  }

  private static byte layout(SeriesState state) {
    if (!state.openSteps().isEmpty()) {
      return LAYOUT_WITH_OPEN_STEPS;
    }
    return hasCovariates(state)
        ? LAYOUT_WITH_COVARIATES
        : state.members().size() > 1 ? LAYOUT_OF_SEVERAL : LAYOUT;
  }

  /** Whether covariates wait in the open segment, or the model takes some. */
  private static boolean hasCovariates(SeriesState state) {
    return !state.window().open().covariates().isEmpty()
        || state.members().get(0).past().covariates().size() > 0;
  }

  private static int covariatesSize(SeriesState state) {
    int size = SegmentCodec.covariatesSize(state.window().open(), openSteps(state.window()));
    size += Short.BYTES;
    for (MemberState member : state.members()) {
      size += Double.BYTES * CovariateState.REMEMBERED * member.past().covariates().size();
    }
    return size;
  }

  private static void putCovariates(ByteBuffer bytes, SeriesState state) {
    SegmentCodec.putCovariates(bytes, state.window().open(), openSteps(state.window()));
    bytes.putShort((short) 0);
    for (MemberState member : state.members()) {
      for (double number : member.past().covariates().snapshot()) {
        bytes.putDouble(number);
      }
    }
  }

  /** Reads what {@link #putCovariates} put; the members' own only where they are those serving. */
  private static void getCovariates(
      ByteBuffer bytes, SeriesState state, boolean isServing, LegacyOpenStep former) {
    SegmentCodec.getCovariates(bytes, state.window().open(), openSteps(state.window()));
    former.getCovariates(bytes);
    for (MemberState member : isServing ? state.members() : List.<MemberState>of()) {
      CovariateState covariates = member.past().covariates();
      double[] numbers = new double[CovariateState.REMEMBERED * covariates.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = bytes.getDouble();
      }
      covariates.restore(numbers);
    }
  }

  private static int size(SeriesState state) {
    int size =
        FIXED_BYTES
            + 8 * openSteps(state.window())
            + (layout(state) == LAYOUT ? 0 : 1)
            + (layout(state) >= LAYOUT_WITH_COVARIATES ? covariatesSize(state) : 0)
            + (layout(state) == LAYOUT_WITH_OPEN_STEPS
                ? OpenStepsCodec.size(state.openSteps())
                : 0);
    for (MemberState member : state.members()) {
      int rings = member.hidden().rings().size();
      size += MEMBER_BYTES + (rings == 0 ? 0 : 8 + 5 * rings);
      size += Float.BYTES * member.hidden().plainSize();
    }
    return size;
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
    byte head = bytes.get();
    byte layout = (byte) (head & ~StateHeader.HEARD);
    if (layout < LAYOUT_WITH_RINGS || layout > LAYOUT_WITH_OPEN_STEPS) {
      throw new IllegalStateException(
          "series state of layout %d is not known; this release knows %d to %d"
              .formatted(head, LAYOUT_WITH_RINGS, LAYOUT_WITH_OPEN_STEPS));
    }
    Forecast.Served served = new Forecast.Served(getVersion(bytes, model), bytes.getLong());
    SeriesState.Grid grid = getGrid(bytes, model.specification().sampling());
    Scaler scaler = getScaler(bytes, layout != LAYOUT_WITH_RINGS);
    Window window = new Window(model.specification().contextLength(), stores.segments());
    int retained = bytes.getInt();
    long count = bytes.getLong();
    long start = bytes.getLong();
    window.restore(retained, count, start, SegmentCodec.get(bytes, (int) (count % Segment.STEPS)));
    LegacyOpenStep former = LegacyOpenStep.get(bytes, layout == LAYOUT_WITH_AHEAD);
    OpenSteps open = new OpenSteps();
    PendingForecastSlot trial = new PendingForecastSlot(stores.trial(), bytes.getLong());
    HiddenState hidden = new HiddenState(model.member(0).stack(), stores.rings(), 0);
    boolean isServing = served.version().equals(model.version());
    if (layout != LAYOUT_WITH_RINGS) {
      getHidden(bytes, hidden, isServing);
    } else if (isServing) {
      int position = bytes.getInt();
      hidden.restoreWhole(position, getFloats(bytes, ByteOrder.BIG_ENDIAN));
    }
    Serving serving = new Serving(model, isServing, stores.rings());
    MemberState first = new MemberState(serving.past(0, window, scaler), hidden);
    List<MemberState> members =
        layout >= LAYOUT_OF_SEVERAL ? withFurther(first, bytes, serving) : List.of(first);
    SeriesState state =
        new SeriesState(
            new SeriesState.Parts(
                served, grid, window, members, open, trial, new Calibration(stores.shifts())));
    if (layout >= LAYOUT_WITH_COVARIATES) {
      getCovariates(bytes, state, isServing, former);
    }
    former.addTo(open);
    if (layout == LAYOUT_WITH_OPEN_STEPS) {
      OpenStepsCodec.get(bytes, open);
    }
    return state;
  }

  /** The model that serves, and whether the state that is read belongs to it. */
  private record Serving(Model model, boolean isServing, RingStore rings) {
    /** A member; where the model has none of that index, any stands in until its state is gone. */
    Member member(int index) {
      return model.member(Math.min(index, model.members().size() - 1));
    }

    /** The past of a member; its covariates are not known yet. */
    SeriesPast past(int index, Window window, Scaler scaler) {
      List<Covariate> covariates = member(index).specification().inputs().covariates();
      return new SeriesPast(window, scaler, CovariateState.of(covariates));
    }
  }

  private static List<MemberState> withFurther(
      MemberState first, ByteBuffer bytes, Serving serving) {
    int count = 1 + (bytes.get() & 0xFF);
    List<MemberState> members = new ArrayList<>(count);
    members.add(first);
    for (int i = 1; i < count; i++) {
      Scaler scaler = getScaler(bytes, true);
      HiddenState hidden = new HiddenState(serving.member(i).stack(), serving.rings(), i);
      getHidden(bytes, hidden, serving.isServing());
      members.add(new MemberState(serving.past(i, first.past().window(), scaler), hidden));
    }
    return members;
  }

  private static void putScaler(ByteBuffer bytes, Scaler scaler) {
    for (double number : scaler.snapshot()) {
      bytes.putDouble(number);
    }
  }

  private static Scaler getScaler(ByteBuffer bytes, boolean hasError) {
    Scaler scaler = new Scaler();
    scaler.restore(bytes.getDouble(), bytes.getDouble(), bytes.getDouble(), bytes.getDouble());
    if (hasError) {
      scaler.restoreError(bytes.getDouble(), bytes.getDouble());
    }
    return scaler;
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

  private static void putHidden(ByteBuffer bytes, HiddenState hidden) {
    List<HiddenState.Ring> rings = hidden.rings();
    bytes.put((byte) rings.size());
    if (!rings.isEmpty()) {
      bytes.putLong(hidden.steps());
      rings.forEach(ring -> bytes.put((byte) ring.layer()).putInt(ring.slots()));
    }
    int size = hidden.plainSize();
    bytes.putInt(size);
    hidden.putPlain(takeFloats(bytes, size, ByteOrder.LITTLE_ENDIAN));
  }

  private static void getHidden(ByteBuffer bytes, HiddenState hidden, boolean isServing) {
    int size = bytes.get() & 0xFF;
    long steps = size == 0 ? 0 : bytes.getLong();
    List<HiddenState.Ring> rings = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      rings.add(new HiddenState.Ring(bytes.get() & 0xFF, bytes.getInt()));
    }
    FloatBuffer plain = getFloats(bytes, ByteOrder.LITTLE_ENDIAN);
    if (isServing) {
      hidden.restore(steps, plain);
    } else {
      hidden.takeOver(rings);
    }
  }

  private static FloatBuffer getFloats(ByteBuffer bytes, ByteOrder order) {
    return takeFloats(bytes, bytes.getInt(), order);
  }

  /** The next {@code size} floats, which the bytes go on behind. */
  private static FloatBuffer takeFloats(ByteBuffer bytes, int size, ByteOrder order) {
    FloatBuffer floats = bytes.order(order).asFloatBuffer().limit(size);
    bytes.order(ByteOrder.BIG_ENDIAN).position(bytes.position() + Float.BYTES * size);
    return floats;
  }
}
