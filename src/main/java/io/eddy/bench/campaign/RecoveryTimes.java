package io.eddy.bench.campaign;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.eddy.cli.terminal.Console;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The times to recover from faults, by kind. */
final class RecoveryTimes {
  private final Map<String, List<Double>> seconds = new TreeMap<>();

  void add(String kind, double time) {
    List<Double> times = seconds.computeIfAbsent(kind, unused -> new ArrayList<>());
    times.add(time);
    Collections.sort(times);
  }

  void print(Console console) {
    console.println("%-18s %6s %10s %10s", "fault", "count", "median, s", "p99, s");
    seconds.forEach(
        (kind, times) ->
            console.println(
                "%-18s %6d %10.1f %10.1f",
                kind, times.size(), quantile(times, 0.5), quantile(times, 0.99)));
  }

  ArrayNode json() {
    ArrayNode kinds = JsonNodeFactory.instance.arrayNode();
    seconds.forEach(
        (kind, times) ->
            kinds
                .addObject()
                .put("kind", kind)
                .put("count", times.size())
                .put("medianSeconds", quantile(times, 0.5))
                .put("p99Seconds", quantile(times, 0.99)));
    return kinds;
  }

  private static double quantile(List<Double> sorted, double level) {
    return sorted.get((int) Math.min(sorted.size() - 1L, (long) Math.floor(level * sorted.size())));
  }
}
