package io.eddy.engine;

import io.eddy.rollout.ServingVersion;
import org.jspecify.annotations.Nullable;

/**
 * The version selected for an event, and what the selection was based on.
 *
 * @param version null if no version serves the event
 * @param highestEpoch the highest epoch known; 0 if none exists
 * @param passedOver activations with precedence whose versions were not usable
 * @param pendingEpoch the epoch that the series will migrate to, while its migration is pending; 0
 *     otherwise
 */
public record Selection(
    @Nullable ServingVersion version, long highestEpoch, int passedOver, long pendingEpoch) {
  Selection(@Nullable ServingVersion version, long highestEpoch, int passedOver) {
    this(version, highestEpoch, passedOver, 0);
  }

  /** Returns this selection with another version. */
  Selection with(ServingVersion other) {
    return new Selection(other, highestEpoch, passedOver, pendingEpoch);
  }

  /**
   * Returns the selection of a series that keeps {@code present} while its migration is pending.
   */
  Selection pendingWith(ServingVersion present, long pendingEpoch) {
    return new Selection(present, highestEpoch, passedOver, pendingEpoch);
  }
}
