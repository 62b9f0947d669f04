package io.eddy.bench.campaign;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.bench.campaign.CampaignResult.Recovery;
import io.eddy.cli.terminal.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prints the result of a campaign, as text or JSON. */
final class CampaignReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CampaignResult result;
  private final long seed;
  private final Map<String, List<Double>> seconds = new TreeMap<>();

  CampaignReport(CampaignResult result, long seed) {
    this.result = result;
    this.seed = seed;
    for (Recovery recovery : result.recoveries()) {
      seconds
          .computeIfAbsent(recovery.fault().fault().kind().id(), kind -> new ArrayList<>())
          .add(recovery.waitNs() / 1e9);
    }
    seconds.values().forEach(list -> list.sort(null));
  }

  void print(Console console) {
    Ledger.Balance balance = result.balance();
    console.println(
        "seed %d: %d events, %d faults", seed, result.events(), result.recoveries().size());
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
    console.println("%-18s %6s %10s %10s", "fault", "count", "median, s", "p99, s");
    seconds.forEach(
        (kind, list) ->
            console.println(
                "%-18s %6d %10.1f %10.1f",
                kind, list.size(), quantile(list, 0.5), quantile(list, 0.99)));
    result
        .incidents()
        .forEach(
            incident -> console.println("%s: %s", incident.instance(), incident.description()));
    console.println("%s", result.isConsistent() ? "consistent" : "NOT CONSISTENT");
  }

  private String verify() {
    if (result.verify() == null) {
      return "no report";
    }
    return "%d compared, %d lost, %d duplicated, %d unexpected, %d different"
        .formatted(
            result.verify().path("compared").asLong(),
            result.verify().path("lost").asLong(),
            result.verify().path("duplicated").asLong(),
            result.verify().path("unexpected").asLong(),
            result.verify().path("different").asLong());
  }

  private static double quantile(List<Double> sorted, double level) {
    return sorted.get((int) Math.min(sorted.size() - 1L, (long) Math.floor(level * sorted.size())));
  }

  String json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("consistent", result.isConsistent())
        .put("seed", seed)
        .put("events", result.events())
        .put("unprocessed", result.unprocessed())
        .put("longestWaitSeconds", result.longestWaitNs() / 1e9);
    node.set("ledger", JSON.valueToTree(result.balance()));
    node.set("verify", result.verify());
    ArrayNode kinds = node.putArray("kinds");
    seconds.forEach(
        (kind, list) ->
            kinds
                .addObject()
                .put("kind", kind)
                .put("count", list.size())
                .put("medianSeconds", quantile(list, 0.5))
                .put("p99Seconds", quantile(list, 0.99)));
    ArrayNode faults = node.putArray("faults");
    for (Recovery recovery : result.recoveries()) {
      faults
          .addObject()
          .put("fault", recovery.fault().fault().line())
          .put("detail", recovery.fault().detail())
          .put("waitSeconds", recovery.waitNs() / 1e9);
    }
    node.set("incidents", JSON.valueToTree(result.incidents()));
    return node.toPrettyString();
  }
}
