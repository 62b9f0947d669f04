package io.eddy.forecast.step;

import io.eddy.series.store.StoreKey;

/** The key of a series' state. */
public enum StateKey implements StoreKey<StoredState> {
  STATE;

  @Override
  public Class<StoredState> valueType() {
    return StoredState.class;
  }
}
