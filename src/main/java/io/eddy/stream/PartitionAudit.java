package io.eddy.stream;

import io.eddy.codec.DecodedEvent;
import io.eddy.codec.EventDecoder;
import io.eddy.codec.EventMapping;
import io.eddy.codec.InvalidRecordException;
import io.eddy.series.ClockRule;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Replays the events of one partition in their order and holds every forecast against them. */
final class PartitionAudit {
  private static final int REACH = 1024;

  private final Setting setting;
  private final Extent extent;
  private final AuditScope scope;
  private final PartitionFindings findings;
  private final EventMapping mapping;
  private final EventDecoder decoder;
  private final Revisions revisions;
  private final EventReader reader;
  private final Arrivals.Dead dead;
  private final AuditedClocks clocks;
  private final AuditedPopulation population;
  private final Map<String, SeriesReplay> replays = new HashMap<>();

  /** Series that were deleted, so that all of them that counts came later. */
  private final Set<String> deleted = new HashSet<>();

  /** Series of which a part was served by a version that is no longer kept. */
  private final Set<String> broken = new HashSet<>();

  /** What holds for every partition. */
  record Setting(StreamSettings stream, ActivationTimeline timeline, DeadEvents dead) {}

  /**
   * What is kept of a partition.
   *
   * @param partition of events and forecasts
   * @param begin offset of the first event that is kept
   * @param processed offset of the first event that the forecaster has not processed
   * @param end offset behind the last event
   * @param forecastsCut whether forecasts were deleted
   */
  record Extent(int partition, long begin, long processed, long end, boolean forecastsCut) {}

  PartitionAudit(Setting setting, Extent extent, AuditScope scope, AuditReport.Tally tally) {
    this.setting = setting;
    this.extent = extent;
    this.scope = scope;
    mapping = setting.stream().events().keyed();
    findings = new PartitionFindings(scope, tally, extent, mapping);
    decoder = new EventDecoder(mapping);
    revisions = new Revisions(setting.stream().policies().arrival());
    reader = new EventReader(decoder::read, setting.stream().policies().limits());
    dead = new Arrivals.Dead(setting.dead(), extent.partition());
    SeriesLimits limits = setting.stream().policies().series();
    clocks = new AuditedClocks(limits.clock(), dead);
    population = new AuditedPopulation(limits, dead, extent.begin() == 0);
  }

  /** Reads both to their ends. */
  void run(
      Iterator<ConsumerRecord<byte[], byte[]>> events,
      Iterator<ConsumerRecord<byte[], byte[]>> forecasts) {
    ForecastsAhead ahead =
        new ForecastsAhead(new ForecastRecords(forecasts, setting.stream(), findings), REACH);
    Long first = ahead.firstSource();
    long blindBefore =
        !extent.forecastsCut() ? Long.MIN_VALUE : first == null ? Long.MAX_VALUE : first;
    Arrivals arrivals = new Arrivals(setting.timeline(), dead, ahead, scope.isInPlace());
    while (events.hasNext()) {
      ConsumerRecord<byte[], byte[]> event = events.next();
      List<FoundForecast> found = ahead.take(event.offset(), findings::behind);
      audit(
          event,
          found,
          arrivals,
          new Waiting(setting.timeline(), ahead),
          event.offset() < blindBefore);
    }
    ahead.drain(findings::behind);
  }

  private void audit(
      ConsumerRecord<byte[], byte[]> event,
      List<FoundForecast> found,
      Arrivals arrivals,
      Waiting waiting,
      boolean isBlind) {
    String key = event.key() == null ? "" : new String(event.key(), StandardCharsets.UTF_8);
    if (!mapping.hasSeveralValues() && isPassedOver(key)) {
      return;
    }
    DecodedEvent decoded;
    try {
      if (event.value() == null && setting.stream().policies().nullDeletes()) {
        delete(decoder.series(event.key()), event);
        found.forEach(one -> findings.unexpected(one, "none", "one of what deletes its series"));
        return;
      }
      decoded = reader.read(event.key(), event.value(), RecordTime.of(event));
    } catch (InvalidRecordException | EventReader.UnreadableException e) {
      deadLettered(key, event);
      found.forEach(one -> findings.unexpected(one, "none", "one of what is no event"));
      return;
    }
    decoded.refused().keySet().forEach(series -> deadLettered(series, event));
    List<FoundForecast> left = new ArrayList<>(found);
    for (Observation observation : decoded.observations()) {
      if (!isPassedOver(observation.series())) {
        List<FoundForecast> own = mapping.hasSeveralValues() ? own(left, observation) : found;
        left.removeAll(own);
        audit(
            new EventAudit.Processed(observation, observation, event.offset(), own, isBlind),
            arrivals,
            waiting);
      }
    }
    left.stream()
        .filter(one -> !isPassedOver(one.series()))
        .forEach(one -> findings.unexpected(one, "none", "one of what has no such value"));
  }

  private boolean isPassedOver(String series) {
    return scope.series() != null && !scope.series().equals(series) && !population.isFollowed();
  }

  private void delete(String series, ConsumerRecord<byte[], byte[]> event) {
    forget(series);
    findings.count(series, event.timestamp(), AuditFigure.EVENTS);
    findings.count(series, event.timestamp(), AuditFigure.DELETED);
  }

  /** Forgets a series that the stream has forgotten: all of it that counts comes later. */
  private void forget(String series) {
    replays.remove(series);
    broken.remove(series);
    deleted.add(series);
    clocks.forget(series);
    population.gone(series);
  }

  private boolean isWhole(String series) {
    return (extent.begin() == 0 || deleted.contains(series)) && !broken.contains(series);
  }

  private void deadLettered(String series, ConsumerRecord<byte[], byte[]> event) {
    if (!isPassedOver(series)) {
      findings.count(series, event.timestamp(), AuditFigure.EVENTS);
      findings.count(series, event.timestamp(), AuditFigure.DEAD_LETTERED);
    }
  }

  /** The forecasts of one of an event's series. */
  private static List<FoundForecast> own(List<FoundForecast> found, Observation observation) {
    return found.stream().filter(one -> one.series().equals(observation.series())).toList();
  }

  private void audit(EventAudit.Processed event, Arrivals arrivals, Waiting waiting) {
    Observation observation = event.observation();
    String series = observation.series();
    findings.count(observation, AuditFigure.EVENTS);
    if (population.isOver(series)) {
      forget(series);
    }
    SeriesReplay replay = replays.get(series);
    ClockRule.Judgement clock =
        clocks.judge(observation, event.offset(), replay, isWhole(series), event.found());
    boolean isDoubted = clock.kind() == ClockRule.Kind.DOUBTED;
    boolean isRefused = population.refuses(event);
    boolean returns = clock.kind() == ClockRule.Kind.RETURNS;
    SeriesReplay before = isDoubted || isRefused || returns ? null : replay;
    EventAudit.Processed processed =
        before == null ? event : event.askedAt(before.asked(observation));
    Arrivals.Served served = served(processed, arrivals, before);
    if (served == null || isRefused) {
      deadLettered(processed, isRefused ? "there is no place" : "no version serves");
      return;
    }
    if (isDoubted) {
      clocks.keep(observation, clock);
      deadLettered(processed, "its clock is not believed");
      return;
    }
    if (returns) {
      forget(series);
      replay = null;
    }
    boolean isWhole = isWhole(series);
    served = waiting.followed(processed, served, replay, isWhole);
    ServingModels.Serving serving = served.serving();
    if (serving == null) {
      replays.remove(series);
      broken.add(series);
      clocks.forget(series);
      if (!event.found().isEmpty()) {
        population.heard(observation);
      }
      new EventAudit(setting, extent.partition(), findings, processed).letPass();
      return;
    }
    if (replay == null) {
      replay = new SeriesReplay(setting.timeline(), revisions, serving, served.point(), isWhole);
      replays.put(series, replay);
    }
    if (event.isBlind() && setting.timeline().size() > 1) {
      replay.doubt();
    }
    EventAudit audit = new EventAudit(setting, extent.partition(), findings, processed);
    if (audit.judge(replay, serving, served)) {
      clocks.keep(observation, clock);
      population.heard(observation);
    }
  }

  private void deadLettered(EventAudit.Processed event, String why) {
    findings.count(event.observation(), AuditFigure.DEAD_LETTERED);
    event.found().forEach(one -> findings.unexpected(one, "none, for " + why, "one"));
  }

  /** What has to have served an event; null where nothing can. */
  private Arrivals.@Nullable Served served(
      EventAudit.Processed event, Arrivals arrivals, @Nullable SeriesReplay replay) {
    Observation observation = event.observation();
    FoundForecast lead = lead(event, arrivals);
    if (lead == null) {
      Arrivals.Served served =
          event.isBlind()
              ? arrivals.last(event.asked())
              : arrivals.assumed(event.asked(), event.offset(), replay);
      // The stream asks what serves the event's own time first.
      return served != null
              && !event.asked().equals(observation)
              && setting.timeline().activation(served.point(), observation) == null
          ? null
          : served;
    }
    Arrivals.Served served = arrivals.followed(lead, event.asked());
    if (served != null && setting.timeline().isLateFor(event.asked(), served.point())) {
      findings.count(observation, AuditFigure.BEFORE_ARRIVAL);
    }
    return served;
  }

  /** The forecast that is asked what had arrived; null where there is none. */
  private static @Nullable FoundForecast lead(EventAudit.Processed event, Arrivals arrivals) {
    List<FoundForecast> found = event.found();
    if (found.size() > 1) {
      for (FoundForecast one : found) {
        if (one.series().equals(event.observation().series()) && arrivals.mayHaveServed(one)) {
          return one;
        }
      }
    }
    return found.isEmpty() ? null : found.get(0);
  }
}
