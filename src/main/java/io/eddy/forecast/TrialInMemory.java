package io.eddy.forecast;

import org.jspecify.annotations.Nullable;

/** A trial on the heap, for backtests and tests. */
public final class TrialInMemory implements TrialSlot.Store {
  private @Nullable Trial trial;

  @Override
  public @Nullable Trial read() {
    return trial;
  }

  @Override
  public void write(Trial trial) {
    this.trial = trial;
  }
}
