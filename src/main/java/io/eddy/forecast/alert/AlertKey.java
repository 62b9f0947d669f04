package io.eddy.forecast.alert;

import io.eddy.series.store.StoreKey;

/** The key of a series' active alerts; nothing is stored while there are none. */
public enum AlertKey implements StoreKey<ActiveAlerts> {
  ACTIVE;

  @Override
  public Class<ActiveAlerts> valueType() {
    return ActiveAlerts.class;
  }
}
