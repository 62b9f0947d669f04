package io.eddy.bench.campaign;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The size of a campaign.
 *
 * @param partitions of the events topic
 * @param eventsPerSecond of all series together
 * @param latePercent share of events that are sent three steps late; 0 for none, and no revisions
 * @param guarantee {@code processing.guarantee} of the instances
 * @param patience maximum time without a forecast after the last fault, while events wait
 * @param otherBuild class path of another build, for rolling upgrades; null if there is none
 */
record CampaignSettings(
    int brokers,
    int instances,
    int partitions,
    int series,
    int eventsPerSecond,
    int latePercent,
    Duration duration,
    String guarantee,
    Duration patience,
    @Nullable String otherBuild) {
  static final String AT_LEAST_ONCE = "at_least_once";

  /** Returns whether the instances may repeat forecasts after a crash. */
  boolean isAtLeastOnce() {
    return guarantee.equals(AT_LEAST_ONCE);
  }

  /** Returns the options of the command that set these. */
  String options() {
    return "--duration %s --brokers %d --instances %d --series %d --rate %d --late %d --guarantee %s --patience %s%s"
        .formatted(
            duration,
            brokers,
            instances,
            series,
            eventsPerSecond,
            latePercent,
            guarantee,
            patience,
            otherBuild == null ? "" : " --other-build " + otherBuild);
  }
}
