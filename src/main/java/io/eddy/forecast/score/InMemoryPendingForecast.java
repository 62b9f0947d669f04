package io.eddy.forecast.score;

import org.jspecify.annotations.Nullable;

/** A trial on the heap, for backtests and tests. */
public final class InMemoryPendingForecast implements PendingForecastSlot.Store {
  private @Nullable PendingForecast trial;

  @Override
  public @Nullable PendingForecast read() {
    return trial;
  }

  @Override
  public void write(PendingForecast trial) {
    this.trial = trial;
  }
}
