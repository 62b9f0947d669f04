package io.eddy.serving;

import io.eddy.kafka.Forecaster;
import java.util.Optional;

/** Gives access to the forecaster of this process. */
@FunctionalInterface
public interface RunningForecaster {
  /** Returns the forecaster; empty while the process waits for a version to serve. */
  Optional<Forecaster> get();
}
