package io.eddy.bench.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a campaign.
 *
 * @param events sent
 * @param revising late events that revised forecasts
 * @param unprocessed events without a forecast after the patience; 0 if all were processed
 * @param verify the report of {@code eddy verify}; null if it printed none
 * @param longestWaitNs longest time from an event to its committed forecast
 */
record CampaignResult(
    long events,
    long revising,
    long unprocessed,
    Ledger.Balance balance,
    @Nullable JsonNode verify,
    List<Recovery> recoveries,
    List<ServeInstances.Incident> incidents,
    long longestWaitNs) {
  /**
   * A fault with the longest time from an event to its committed forecast, among the events sent
   * from its begin to five seconds after its end.
   */
  record Recovery(FaultRecord fault, long waitNs) {}

  boolean isConsistent() {
    return unprocessed == 0
        && balance.isEven()
        && verify != null
        && verify.path("consistent").asBoolean();
  }
}
