package io.eddy.dataset;

import io.eddy.series.Observation;
import java.util.List;

/** An endless source of observations in order of time. */
public interface ObservationSource {
  /** Returns the time of the next step, epoch milliseconds. */
  long nextMs();

  /** Returns the observations of the next step, and advances to the following one. */
  List<Observation> next();
}
