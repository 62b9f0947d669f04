package io.eddy.demo;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.model.ModelVersion;
import io.eddy.series.Observation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/**
 * Books of the demo: every event sent and every forecast that came of it, by where the event lies
 * in Kafka; how long it took; and how good the forecasts were, by version.
 */
final class DemoLedger {
  private final int seasonSteps;
  private final long intervalMs;
  private final long judgedFromMs;
  private final Map<SourcePosition, Long> sentNs = new HashMap<>();
  private final Set<SourcePosition> answered = new HashSet<>();
  private final Map<String, Map<Long, Double>> truth = new HashMap<>();
  private final Map<String, Queue<Forecast>> waiting = new HashMap<>();
  private final Map<ModelVersion, Account> versions = new LinkedHashMap<>();
  private final List<Long> latenciesNs = new ArrayList<>();
  private long sent;
  private long forecasts;
  private long duplicates;
  private boolean isTimed;

  /** What one version did. */
  static final class Account {
    private long forecasts;
    private long points;
    private double error;
    private double seasonalError;

    long forecasts() {
      return forecasts;
    }

    long points() {
      return points;
    }

    double meanAbsoluteError() {
      return error / points;
    }

    double seasonalNaiveError() {
      return seasonalError / points;
    }
  }

  /**
   * Empty books.
   *
   * @param judgedFromMs origins from which forecasts are judged: data that no version trained on
   */
  DemoLedger(int seasonSteps, long intervalMs, long judgedFromMs) {
    this.seasonSteps = seasonSteps;
    this.intervalMs = intervalMs;
    this.judgedFromMs = judgedFromMs;
  }

  /** From now on the time from event to forecast is taken. */
  synchronized void startClock() {
    isTimed = true;
  }

  /** An event is about to go out. */
  synchronized void sending(Observation observation) {
    sent++;
    truth
        .computeIfAbsent(observation.series(), series -> new HashMap<>())
        .put(Math.floorDiv(observation.timestampMs(), intervalMs), observation.value());
  }

  /** The event lies there; {@code sentAtNs} as of {@link System#nanoTime}. */
  synchronized void sentAt(SourcePosition position, long sentAtNs) {
    if (isTimed && !answered.contains(position)) {
      sentNs.put(position, sentAtNs);
    }
  }

  /** A forecast was read. */
  synchronized void received(PublishedForecast published) {
    forecasts++;
    if (!answered.add(published.source())) {
      duplicates++;
    }
    Long at = sentNs.remove(published.source());
    if (at != null) {
      latenciesNs.add(System.nanoTime() - at);
    }
    Forecast forecast = published.forecast();
    account(forecast).forecasts++;
    if (forecast.origin().timestampMs() >= judgedFromMs) {
      Queue<Forecast> queue =
          waiting.computeIfAbsent(forecast.origin().series(), series -> new ArrayDeque<>());
      queue.add(forecast);
      if (queue.size() > forecast.horizon() + 1) {
        judge(queue.remove());
      }
    }
  }

  /** Judges the forecasts that still wait, as far as the truth is known. */
  synchronized void settle() {
    waiting.values().forEach(queue -> queue.forEach(this::judge));
    waiting.clear();
  }

  private void judge(Forecast forecast) {
    Map<Long, Double> known = truth.getOrDefault(forecast.origin().series(), Map.of());
    Account account = account(forecast);
    long origin = Math.floorDiv(forecast.origin().timestampMs(), intervalMs);
    for (int step = 1; step <= forecast.horizon(); step++) {
      int seasons = (step + seasonSteps - 1) / seasonSteps;
      Double actual = known.get(origin + step);
      Double before = known.get(origin + step - (long) seasons * seasonSteps);
      if (actual != null && before != null) {
        account.points++;
        account.error += Math.abs(actual - forecast.median(step));
        account.seasonalError += Math.abs(actual - before);
      }
    }
  }

  private Account account(Forecast forecast) {
    return versions.computeIfAbsent(forecast.origin().served().version(), version -> new Account());
  }

  synchronized long sent() {
    return sent;
  }

  synchronized long forecasts() {
    return forecasts;
  }

  synchronized long duplicates() {
    return duplicates;
  }

  /** Events that no forecast came of. */
  synchronized long lost() {
    return sent - answered.size();
  }

  /** What each version did, in the order in which they first served. */
  synchronized Map<ModelVersion, Account> versions() {
    return versions;
  }

  /**
   * Time from event to committed forecast, in milliseconds, at a share of the events; NaN if none.
   */
  synchronized double latencyMs(double share) {
    long[] sorted = latenciesNs.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))] * 1e-6;
  }
}
