package io.eddy.forecast.score;

import io.eddy.forecast.Forecast;
import io.eddy.series.store.SeriesStore;
import org.jspecify.annotations.Nullable;

/**
 * Holds a series' one pending forecast: the step at which it is due is kept here, the forecast
 * itself in a store.
 */
public final class PendingForecastSlot {
  /** The due step of an empty slot. */
  public static final long NONE = Long.MIN_VALUE;

  private final SeriesStore store;
  private long dueStep;
  private @Nullable PendingForecastSlot leader;

  /** Origin of the forecast scheduled last through this instance. */
  private Forecast.@Nullable Origin scheduled;

  /** Creates a slot whose forecast is due at {@code dueStep}, or {@link #NONE}. */
  public PendingForecastSlot(SeriesStore store, long dueStep) {
    this.store = store;
    this.dueStep = dueStep;
  }

  /** Returns the step at which the forecast can be scored, or {@link #NONE}. */
  public long dueStep() {
    return dueStep;
  }

  public boolean isEmpty() {
    return dueStep == NONE;
  }

  /** Empties the slot. */
  public void clear() {
    dueStep = NONE;
  }

  /**
   * Lets this slot accept exactly the origins that {@code leader} schedules, replacing a forecast
   * that is still pending. A shadow is so scored on the same origins as the serving version.
   *
   * @param leader the serving version's slot, after the same event
   */
  public void follow(PendingForecastSlot leader) {
    this.leader = leader;
  }

  /** Returns whether a forecast of that origin may be scheduled. */
  public boolean accepts(Forecast.Origin origin) {
    PendingForecastSlot leader = this.leader;
    return leader == null
        ? isEmpty()
        : leader.scheduled != null && leader.scheduled.timestampMs() == origin.timestampMs();
  }

  /** Stores a forecast until {@code dueStep}. */
  public void schedule(PendingForecast pending, long dueStep) {
    store.put(PendingForecastKey.PENDING_FORECAST, pending);
    scheduled = pending.forecast().origin();
    this.dueStep = dueStep;
  }

  /** Returns the pending forecast, or null if none exists. */
  public @Nullable PendingForecast pending() {
    return dueStep == NONE ? null : store.get(PendingForecastKey.PENDING_FORECAST);
  }
}
