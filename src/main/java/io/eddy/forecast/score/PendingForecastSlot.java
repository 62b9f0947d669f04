package io.eddy.forecast.score;

import io.eddy.forecast.Forecast;
import org.jspecify.annotations.Nullable;

/** The place of a series' one trial: when it is due stands here, the trial itself in a store. */
public final class PendingForecastSlot {
  /** No trial waits. */
  public static final long NONE = Long.MIN_VALUE;

  private final Store store;
  private long dueStep;

  /** Where the trial of one series is kept. */
  public interface Store {
    /** The trial, or null where none was written. */
    @Nullable PendingForecast read();

    void write(PendingForecast trial);

    /** Whether a forecast from there may wait to be met. */
    public default boolean takes(Forecast.Origin origin) {
      return true;
    }

    /** Whether what waits makes way for a forecast that may. */
    default boolean makesWay() {
      return false;
    }
  }

  /** A slot whose trial is due at {@code dueStep}, or {@link #NONE}. */
  public PendingForecastSlot(Store store, long dueStep) {
    this.store = store;
    this.dueStep = dueStep;
  }

  /** The step at which the trial can be scored, or {@link #NONE}. */
  public long dueStep() {
    return dueStep;
  }

  public boolean isFree() {
    return dueStep == NONE;
  }

  /** Nothing waits any longer. */
  public void clear() {
    dueStep = NONE;
  }

  public boolean takes(Forecast.Origin origin) {
    return (isFree() || store.makesWay()) && store.takes(origin);
  }

  public void begin(PendingForecast trial, long dueStep) {
    store.write(trial);
    this.dueStep = dueStep;
  }

  public @Nullable PendingForecast waiting() {
    return dueStep == NONE ? null : store.read();
  }
}
