package io.eddy.forecast.score;

import io.eddy.series.store.StoreKey;

/** The key of a series' pending forecast. */
public enum PendingForecastKey implements StoreKey<PendingForecast> {
  PENDING_FORECAST;

  @Override
  public Class<PendingForecast> valueType() {
    return PendingForecast.class;
  }
}
