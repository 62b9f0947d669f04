package io.eddy.admission;

import io.eddy.series.store.StoreKey;

/** The key of a series' timestamp guard state. */
public enum TimestampGuardKey implements StoreKey<TimestampGuardState> {
  TIMESTAMP_GUARD;

  @Override
  public Class<TimestampGuardState> valueType() {
    return TimestampGuardState.class;
  }
}
