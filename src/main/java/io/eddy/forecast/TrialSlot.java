package io.eddy.forecast;

import org.jspecify.annotations.Nullable;

/** The place of a series' one trial: when it is due stands here, the trial itself in a store. */
public final class TrialSlot {
  /** No trial waits. */
  public static final long NONE = Long.MIN_VALUE;

  private final Store store;
  private long dueStep;

  /** Where the trial of one series is kept. */
  public interface Store {
    /** The trial, or null where none was written. */
    @Nullable Trial read();

    void write(Trial trial);

    /** Whether a forecast from there may wait to be met. */
    default boolean takes(Forecast.Origin origin) {
      return true;
    }

    /** Whether what waits makes way for a forecast that may. */
    default boolean makesWay() {
      return false;
    }
  }

  /** A slot whose trial is due at {@code dueStep}, or {@link #NONE}. */
  public TrialSlot(Store store, long dueStep) {
    this.store = store;
    this.dueStep = dueStep;
  }

  /** The step at which the trial can be scored, or {@link #NONE}. */
  public long dueStep() {
    return dueStep;
  }

  boolean isFree() {
    return dueStep == NONE;
  }

  /** Nothing waits any longer. */
  public void clear() {
    dueStep = NONE;
  }

  boolean takes(Forecast.Origin origin) {
    return (isFree() || store.makesWay()) && store.takes(origin);
  }

  void begin(Trial trial, long dueStep) {
    store.write(trial);
    this.dueStep = dueStep;
  }

  @Nullable Trial waiting() {
    return dueStep == NONE ? null : store.read();
  }
}
