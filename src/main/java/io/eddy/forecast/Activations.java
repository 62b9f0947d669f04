package io.eddy.forecast;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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

  /**
   * The activation that serves an event: of those effective at its time whose version can be
   * served, the one with the highest epoch; null where there is none.
   *
   * @param timestampMs the event's time
   * @param isServable whether an activation's version is there and sound
   */
  public @Nullable Activation at(long timestampMs, Predicate<Activation> isServable) {
    for (Activation activation : descending) {
      if (activation.isEffectiveAt(timestampMs) && isServable.test(activation)) {
        return activation;
      }
    }
    return null;
  }
}
