package io.eddy.forecast.calibration;

import org.jspecify.annotations.Nullable;

/** The shifts of a calibration on the heap, for backtests and tests. */
public final class InMemoryCalibrationShifts implements Calibration.Store {
  private float @Nullable [] shifts;

  @Override
  public float @Nullable [] readShifts() {
    return shifts;
  }

  @Override
  public void writeShifts(float @Nullable [] shifts) {
    this.shifts = shifts;
  }
}
