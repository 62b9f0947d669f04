package io.eddy.bench.campaign;

import java.time.Duration;

/**
 * The size of a campaign.
 *
 * @param partitions of the events topic
 * @param eventsPerSecond of all series together
 * @param guarantee {@code processing.guarantee} of the instances
 * @param patience maximum time to process everything after the last fault
 */
record CampaignSettings(
    int brokers,
    int instances,
    int partitions,
    int series,
    int eventsPerSecond,
    Duration duration,
    String guarantee,
    Duration patience) {
  static final String AT_LEAST_ONCE = "at_least_once";

  /** Whether the instances may repeat forecasts after a crash. */
  boolean isAtLeastOnce() {
    return guarantee.equals(AT_LEAST_ONCE);
  }
}
