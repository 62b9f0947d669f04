package io.eddy.forecast;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The activations of one model, the highest epoch first. Immutable. */
public final class Activations {
  private final List<Activation> descending;

  public Activations(Collection<Activation> activations) {
    descending =
        activations.stream()
            .sorted(Comparator.comparingLong(Activation::epoch).reversed())
            .toList();
  }

  /** The highest epoch first. */
  public List<Activation> descending() {
    return descending;
  }

  /** The next epoch that is free. */
  public long nextEpoch() {
    return descending.isEmpty() ? 1 : descending.get(0).epoch() + 1;
  }
}
