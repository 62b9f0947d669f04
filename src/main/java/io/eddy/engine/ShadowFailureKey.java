package io.eddy.engine;

import io.eddy.forecast.Forecast;
import io.eddy.series.store.StoreKey;

/** The key of the version that failed as a series' shadow. */
public enum ShadowFailureKey implements StoreKey<Forecast.Served> {
  FAILED;

  @Override
  public Class<Forecast.Served> valueType() {
    return Forecast.Served.class;
  }
}
