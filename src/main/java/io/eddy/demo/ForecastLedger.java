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
 * Records every published event and every forecast received for it, by the event's position in
 * Kafka: missing and duplicate forecasts, latency, and errors by version. Thread-safe.
 */
final class ForecastLedger {
  private final int seasonSteps;
  private final long intervalMs;
  private final long measuredFromMs;
  private final Map<SourcePosition, Long> sentNs = new HashMap<>();
  private final Set<SourcePosition> received = new HashSet<>();
  private final Map<String, Map<Long, Double>> actuals = new HashMap<>();
  private final Map<String, Queue<Forecast>> pending = new HashMap<>();
  private final Map<ModelVersion, Account> versions = new LinkedHashMap<>();
  private final List<Long> latenciesNs = new ArrayList<>();
  private long events;
  private long forecasts;
  private long duplicates;
  private boolean isTimed;

  /** Forecasts and errors of one version. */
  static final class Account {
    private long forecasts;
    private long points;
    private double errorSum;
    private double seasonalErrorSum;

    long forecasts() {
      return forecasts;
    }

    /** Returns the number of forecast steps whose value is known. */
    long points() {
      return points;
    }

    double meanAbsoluteError() {
      return errorSum / points;
    }

    double seasonalNaiveError() {
      return seasonalErrorSum / points;
    }
  }

  /**
   * Creates an empty ledger.
   *
   * @param seasonSteps season of the seasonal naive forecast, in steps
   * @param intervalMs length of a step
   * @param measuredFromMs first origin whose forecasts are measured; no version is trained on later
   *     data than its own forecasts
   */
  ForecastLedger(int seasonSteps, long intervalMs, long measuredFromMs) {
    this.seasonSteps = seasonSteps;
    this.intervalMs = intervalMs;
    this.measuredFromMs = measuredFromMs;
  }

  /** Starts to measure the latency of events. */
  synchronized void measureLatency() {
    isTimed = true;
  }

  /** Records an event that is about to be published. */
  synchronized void sending(Observation observation) {
    events++;
    actuals
        .computeIfAbsent(observation.series(), series -> new HashMap<>())
        .put(Math.floorDiv(observation.timestampMs(), intervalMs), observation.value());
  }

  /**
   * Records an event's position.
   *
   * @param timeNs when it was sent, by {@link System#nanoTime}
   */
  synchronized void sent(SourcePosition position, long timeNs) {
    if (isTimed && !received.contains(position)) {
      sentNs.put(position, timeNs);
    }
  }

  /** Records a forecast that was read. */
  synchronized void received(PublishedForecast published) {
    forecasts++;
    if (!received.add(published.source())) {
      duplicates++;
    }
    Long timeNs = sentNs.remove(published.source());
    if (timeNs != null) {
      latenciesNs.add(System.nanoTime() - timeNs);
    }
    Forecast forecast = published.forecast();
    account(forecast).forecasts++;
    if (forecast.origin().timestampMs() >= measuredFromMs) {
      Queue<Forecast> queue =
          pending.computeIfAbsent(forecast.origin().series(), series -> new ArrayDeque<>());
      queue.add(forecast);
      if (queue.size() > forecast.horizon() + 1) {
        measure(queue.remove());
      }
    }
  }

  /** Measures the pending forecasts on the values that are known. */
  synchronized void complete() {
    pending.values().forEach(queue -> queue.forEach(this::measure));
    pending.clear();
  }

  private void measure(Forecast forecast) {
    Map<Long, Double> known = actuals.getOrDefault(forecast.origin().series(), Map.of());
    Account account = account(forecast);
    long origin = Math.floorDiv(forecast.origin().timestampMs(), intervalMs);
    for (int step = 1; step <= forecast.horizon(); step++) {
      int seasons = (step + seasonSteps - 1) / seasonSteps;
      Double actual = known.get(origin + step);
      Double seasonBefore = known.get(origin + step - (long) seasons * seasonSteps);
      if (actual != null && seasonBefore != null) {
        account.points++;
        account.errorSum += Math.abs(actual - forecast.median(step));
        account.seasonalErrorSum += Math.abs(actual - seasonBefore);
      }
    }
  }

  private Account account(Forecast forecast) {
    return versions.computeIfAbsent(forecast.origin().served().version(), version -> new Account());
  }

  /** Returns the number of events published. */
  synchronized long events() {
    return events;
  }

  /** Returns the number of forecasts received. */
  synchronized long forecasts() {
    return forecasts;
  }

  /** Returns the number of forecasts for an event that already had one. */
  synchronized long duplicates() {
    return duplicates;
  }

  /** Returns the number of events without a forecast. */
  synchronized long missing() {
    return events - received.size();
  }

  /** Returns the versions in the order of their first forecast. */
  synchronized Map<ModelVersion, Account> versions() {
    return versions;
  }

  /**
   * Returns a quantile of the time from an event to its committed forecast, in milliseconds; NaN if
   * none exists.
   */
  synchronized double latencyMs(double quantile) {
    long[] sorted = latenciesNs.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] * 1e-6;
  }
}
