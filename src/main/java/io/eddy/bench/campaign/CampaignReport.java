package io.eddy.bench.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.bench.campaign.CampaignResult.Recovery;
import io.eddy.cli.terminal.Console;

/** The result of a campaign of one part, as text or JSON. */
final class CampaignReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CampaignResult result;
  private final long seed;
  private final RecoveryTimes times = new RecoveryTimes();

  CampaignReport(CampaignResult result, long seed) {
    this.result = result;
    this.seed = seed;
    for (Recovery recovery : result.recoveries()) {
      times.add(recovery.fault().fault().kind().id(), recovery.waitNs() / 1e9);
    }
  }

  void print(Console console) {
    Ledger.Balance balance = result.balance();
    console.println(
        "seed %d: %d events, %d faults", seed, result.events(), result.recoveries().size());
    if (result.revising() > 0) {
      console.println("late events that revised forecasts: %d", result.revising());
    }
    console.println(
        "ledger: %d acknowledged, %d missing on the topic, %d lost, %d duplicated, %d unexpected",
        balance.acknowledged(),
        balance.missingEvents(),
        balance.lost(),
        balance.duplicated(),
        balance.unexpected());
    if (result.unprocessed() > 0) {
      console.println("not processed in time: %d events", result.unprocessed());
    }
    console.println("verify: %s", verify());
    console.println("longest time from event to forecast: %.1f s", result.longestWaitNs() / 1e9);
    times.print(console);
    result
        .incidents()
        .forEach(
            incident -> console.println("%s: %s", incident.instance(), incident.description()));
    console.println("%s", result.isConsistent() ? "consistent" : "NOT CONSISTENT");
  }

  private String verify() {
    JsonNode verify = result.verify();
    if (verify == null) {
      return "no report";
    }
    return "%d compared, %d lost, %d duplicated, %d unexpected, %d different"
        .formatted(
            verify.path("compared").asLong(),
            verify.path("lost").asLong(),
            verify.path("duplicated").asLong(),
            verify.path("unexpected").asLong(),
            verify.path("different").asLong());
  }

  ObjectNode json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("consistent", result.isConsistent())
        .put("seed", seed)
        .put("events", result.events())
        .put("revising", result.revising())
        .put("unprocessed", result.unprocessed())
        .put("longestWaitSeconds", result.longestWaitNs() / 1e9);
    node.set("ledger", JSON.valueToTree(result.balance()));
    node.set("verify", result.verify());
    node.set("kinds", times.json());
    ArrayNode faults = node.putArray("faults");
    for (Recovery recovery : result.recoveries()) {
      faults
          .addObject()
          .put("kind", recovery.fault().fault().kind().id())
          .put("fault", recovery.fault().fault().line())
          .put("detail", recovery.fault().detail())
          .put("waitSeconds", recovery.waitNs() / 1e9);
    }
    node.set("incidents", JSON.valueToTree(result.incidents()));
    return node;
  }
}
