package io.eddy.kafka.state;

import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepListener;
import io.eddy.kafka.state.UndoLogCodec.Base;
import io.eddy.kafka.state.UndoLogCodec.Former;
import io.eddy.kafka.state.UndoLogCodec.Head;
import io.eddy.kafka.state.UndoLogCodec.KeptStep;
import io.eddy.kafka.state.UndoLogCodec.Kind;
import io.eddy.model.Model;
import io.eddy.series.OpenStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What the series at hand can be taken back to, as far as its last R closed steps.
 *
 * <p>Time is cut into stretches of R steps. Before the first step of a stretch closes, the state's
 * bytes are kept as a base, and from then on the first time that something of its past is
 * overwritten, what was there. To go back is to put that back, the newest first. Two bases are
 * kept, so that the last R steps lie behind one of them, and of every step since the older one what
 * was measured in it. A closed step costs two small entries more, and a base one as large as the
 * state, once in R steps; nothing grows with the series' past.
 *
 * <p>Writes wait until {@link #flush}, so that an event that fails leaves no trace.
 */
public final class SeriesUndoLog implements StepListener {
  private static final int BASES = 2;

  private final ByteStore store;
  private final String series;
  private final int window;
  private final Map<Bytes, byte @Nullable []> waiting = new HashMap<>();

  /** Revisions of the steps that close next, where they close again. */
  private final Map<Long, Integer> revisions = new HashMap<>();

  private @Nullable SeriesRecords past;
  private List<Base> bases = new ArrayList<>();
  private long lastStep = UndoLogCodec.NO_STEP;
  private boolean isOpen;

  /**
   * Of one series.
   *
   * @param window R
   */
  SeriesUndoLog(ByteStore store, String series, int window) {
    this.store = store;
    this.series = series;
    this.window = window;
  }

  /** Watches over what is written to a past. */
  void watch(SeriesRecords past) {
    this.past = past;
  }

  /**
   * Takes up what is kept; where it does not belong to that state, as where nothing was kept for a
   * while, it is begun anew.
   */
  private void open(SeriesState state) {
    if (isOpen) {
      return;
    }
    Head head = read();
    if (head != null
        && (state.isEmpty()
            || head.count() != state.window().count()
            || head.lastStep() != state.lastStep())) {
      beganAnew();
    }
  }

  private @Nullable Head read() {
    isOpen = true;
    byte[] bytes = get(key(Kind.HEAD, 0, 0));
    if (bytes == null) {
      return null;
    }
    Head head = UndoLogCodec.head(bytes);
    bases = new ArrayList<>(head.bases());
    lastStep = head.lastStep();
    return head;
  }

  @Override
  public void closing(SeriesState state, OpenStep step) {
    open(state);
    long before = state.isEmpty() ? UndoLogCodec.NO_STEP : state.lastStep();
    long number = Math.floorDiv(step.step(), window);
    if (bases.isEmpty() || number > newest().number()) {
      begin(new Base(number, before, null), StateCodec.encode(state));
    }
    int revision = revisions.getOrDefault(step.step(), 0);
    put(step(step.step()), UndoLogCodec.encode(new KeptStep(before, revision, step)));
    lastStep = step.step();
  }

  private void begin(Base base, byte[] state) {
    if (bases.size() == BASES) {
      Base oldest = bases.remove(0);
      forgetSteps(oldest.lastStep(), bases.get(0).lastStep());
      forget(oldest);
    }
    bases.add(base);
    put(key(Kind.BASE, base.number(), 0), state);
  }

  /** Forgets the steps between two, the earlier one exclusive. */
  private void forgetSteps(long from, long to) {
    long at = lastStep;
    for (KeptStep kept = kept(at); kept != null && at > from; kept = kept(at)) {
      if (at <= to) {
        put(step(at), null);
      }
      at = kept.before();
    }
  }

  private void forget(Base base) {
    put(key(Kind.BASE, base.number(), 0), null);
    for (Long number = base.overwritten(); number != null; ) {
      Bytes key = key(Kind.FORMER, base.number(), number);
      number = UndoLogCodec.former(Objects.requireNonNull(get(key))).before();
      put(key, null);
    }
  }

  @Override
  public void beganAnew() {
    if (!isOpen) {
      read();
    }
    if (!bases.isEmpty()) {
      forgetSteps(bases.get(0).lastStep(), Long.MAX_VALUE);
      bases.forEach(this::forget);
      bases.clear();
    }
  }

  /** Something of the past is about to be overwritten. */
  void overwriting(long number, byte @Nullable [] value) {
    if (bases.isEmpty()) {
      return;
    }
    Base newest = newest();
    Bytes key = key(Kind.FORMER, newest.number(), number);
    if (get(key) == null) {
      put(key, UndoLogCodec.encode(new Former(newest.overwritten(), value)));
      bases.set(bases.size() - 1, newest.with(number));
    }
  }

  /** What was measured in a closed step; null where nothing was, or it is not kept. */
  @Nullable KeptStep kept(SeriesState state, long step) {
    open(state);
    return kept(step);
  }

  /** Whether the series can be taken back to before a step. */
  boolean reaches(SeriesState state, long step) {
    open(state);
    return step > state.lastStep() - window && baseBefore(step) >= 0;
  }

  /** The steps that would close again from before a step on, in their order. */
  List<KeptStep> since(SeriesState state, long step) {
    open(state);
    long from = bases.get(baseBefore(step)).lastStep();
    List<KeptStep> since = new ArrayList<>();
    long at = lastStep;
    while (at > from) {
      KeptStep kept = Objects.requireNonNull(kept(at), "a step that closed since is kept");
      since.add(kept);
      at = kept.before();
    }
    Collections.reverse(since);
    return since;
  }

  /** Takes another one's place among what was measured. */
  void keep(KeptStep kept) {
    put(step(kept.step().step()), UndoLogCodec.encode(kept));
  }

  /** The steps that close next do so again, with these revisions. */
  void revise(Map<Long, Integer> revisions) {
    this.revisions.putAll(revisions);
  }

  /** Takes the series back to before a step that it {@link #reaches}. */
  SeriesState back(long step, Model model) {
    SeriesRecords past = Objects.requireNonNull(this.past, "a past is watched");
    int index = baseBefore(step);
    Base target = bases.get(index);
    for (int i = bases.size() - 1; i >= index; i--) {
      Base base = bases.get(i);
      for (Long number = base.overwritten(); number != null; ) {
        Bytes key = key(Kind.FORMER, base.number(), number);
        Former former = UndoLogCodec.former(Objects.requireNonNull(get(key)));
        past.putBack(number, former.value());
        put(key, null);
        number = former.before();
      }
      if (i > index) {
        put(key(Kind.BASE, base.number(), 0), null);
        bases.remove(i);
      }
    }
    bases.set(index, target.with(null));
    lastStep = target.lastStep();
    byte[] bytes = Objects.requireNonNull(get(key(Kind.BASE, target.number(), 0)));
    return StateCodec.decode(bytes, model, new SeriesState.Stores(past, past, past, past));
  }

  /** Index of the newest base before a step; −1 where there is none. */
  private int baseBefore(long step) {
    int index = bases.size() - 1;
    while (index >= 0 && bases.get(index).lastStep() >= step) {
      index--;
    }
    return index;
  }

  private Base newest() {
    return bases.get(bases.size() - 1);
  }

  /** Forgets what waits to be written. */
  void discard() {
    waiting.clear();
    revisions.clear();
    bases = new ArrayList<>();
    isOpen = false;
  }

  /** Writes what waits; {@code state} is what the series' state is now. */
  public void flush(SeriesState state) {
    if (isOpen) {
      Head head = new Head(state.window().count(), state.lastStep(), bases);
      put(key(Kind.HEAD, 0, 0), UndoLogCodec.encode(head));
    }
    waiting.forEach(store::put);
    waiting.clear();
    revisions.clear();
  }

  private @Nullable KeptStep kept(long step) {
    byte[] bytes = get(step(step));
    return bytes == null ? null : UndoLogCodec.kept(bytes);
  }

  private byte @Nullable [] get(Bytes key) {
    return waiting.containsKey(key) ? waiting.get(key) : store.get(key);
  }

  private void put(Bytes key, byte @Nullable [] value) {
    waiting.put(key, value);
  }

  private Bytes step(long step) {
    return key(Kind.STEP, step, 0);
  }

  private Bytes key(Kind kind, long a, long b) {
    return Bytes.wrap(UndoLogCodec.key(series, kind, a, b));
  }
}
