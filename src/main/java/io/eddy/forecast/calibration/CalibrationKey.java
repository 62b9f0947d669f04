package io.eddy.forecast.calibration;

import io.eddy.series.store.StoreKey;

/** The key of a series' calibration: for each step ahead K quantile shifts and the mean error. */
public enum CalibrationKey implements StoreKey<float[]> {
  SHIFTS;

  @Override
  public Class<float[]> valueType() {
    return float[].class;
  }
}
