package io.eddy.kafka.verify;

import io.eddy.admission.DecodedEvent;
import io.eddy.admission.SeriesLimits;
import io.eddy.admission.TimestampGuard;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventReader;
import io.eddy.kafka.event.ReadResult;
import io.eddy.kafka.state.LateRevisions;
import io.eddy.rollout.ServingVersion;
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
public final class PartitionVerifier {
  private static final int REACH = 1024;

  private final Setting setting;
  private final Extent extent;
  private final VerifyScope scope;
  private final PartitionReport findings;
  private final EventMapping mapping;
  private final LateRevisions revisions;
  private final EventReader reader;
  private final ActivationVisibility.Dead dead;
  private final VerifyTimestampGuards clocks;
  private final VerifyActiveSeries population;
  private final Map<String, SeriesReplay> replays = new HashMap<>();

  /** Series that were deleted, so that all of them that counts came later. */
  private final Set<String> deleted = new HashSet<>();

  /** Series of which a part was served by a version that is no longer kept. */
  private final Set<String> broken = new HashSet<>();

  /** What holds for every partition. */
  public record Setting(StreamSettings stream, ActivationTimeline timeline, DeadLetterIndex dead) {}

  /**
   * What is kept of a partition.
   *
   * @param partition of events and forecasts
   * @param begin offset of the first event that is kept
   * @param processed offset of the first event that the forecaster has not processed
   * @param end offset behind the last event
   * @param forecastsCut whether forecasts were deleted
   */
  public record Extent(int partition, long begin, long processed, long end, boolean forecastsCut) {}

  public PartitionVerifier(
      Setting setting, Extent extent, VerifyScope scope, VerifyReport.Tally tally) {
    this.setting = setting;
    this.extent = extent;
    this.scope = scope;
    mapping = setting.stream().events().withRecordKey();
    findings = new PartitionReport(scope, tally, extent, mapping);
    revisions = new LateRevisions(setting.stream().policies().arrival());
    StreamPolicies policies = setting.stream().policies();
    reader = new EventReader(mapping, policies.limits(), policies.nullDeletes());
    dead = new ActivationVisibility.Dead(setting.dead(), extent.partition());
    SeriesLimits limits = setting.stream().policies().series();
    clocks = new VerifyTimestampGuards(limits.clock(), dead);
    population = new VerifyActiveSeries(limits, dead, extent.begin() == 0);
  }

  /** Reads both to their ends. */
  public void run(
      Iterator<ConsumerRecord<byte[], byte[]>> events,
      Iterator<ConsumerRecord<byte[], byte[]>> forecasts) {
    ForecastsBySource ahead =
        new ForecastsBySource(
            new ForecastRecordReader(forecasts, setting.stream(), findings), REACH);
    Long first = ahead.firstSource();
    long blindBefore =
        !extent.forecastsCut() ? Long.MIN_VALUE : first == null ? Long.MAX_VALUE : first;
    ActivationVisibility arrivals =
        new ActivationVisibility(setting.timeline(), dead, ahead, scope.isInPlace());
    while (events.hasNext()) {
      ConsumerRecord<byte[], byte[]> event = events.next();
      List<RecordedForecast> found = ahead.take(event.offset(), findings::behind);
      audit(
          event,
          found,
          arrivals,
          new PendingMigrations(setting.timeline(), ahead),
          event.offset() < blindBefore);
    }
    ahead.drain(findings::behind);
  }

  private void audit(
      ConsumerRecord<byte[], byte[]> event,
      List<RecordedForecast> found,
      ActivationVisibility arrivals,
      PendingMigrations waiting,
      boolean isBlind) {
    String key = event.key() == null ? "" : new String(event.key(), StandardCharsets.UTF_8);
    if (!mapping.hasSeveralValues() && isPassedOver(key)) {
      return;
    }
    ReadResult read = reader.read(event);
    if (read instanceof ReadResult.Deletion deletion) {
      delete(deletion.series(), event);
      found.forEach(one -> findings.unexpected(one, "none", "one of what deletes its series"));
      return;
    }
    if (read instanceof ReadResult.Rejection) {
      deadLettered(key, event);
      found.forEach(one -> findings.unexpected(one, "none", "one of what is no event"));
      return;
    }
    DecodedEvent decoded = ((ReadResult.Event) read).event();
    decoded.refused().keySet().forEach(series -> deadLettered(series, event));
    List<RecordedForecast> left = new ArrayList<>(found);
    for (Observation observation : decoded.observations()) {
      if (!isPassedOver(observation.series())) {
        List<RecordedForecast> own = mapping.hasSeveralValues() ? own(left, observation) : found;
        left.removeAll(own);
        audit(
            new EventVerifier.Processed(observation, observation, event.offset(), own, isBlind),
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
    findings.count(series, event.timestamp(), VerifyCount.EVENTS);
    findings.count(series, event.timestamp(), VerifyCount.DELETED);
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
      findings.count(series, event.timestamp(), VerifyCount.EVENTS);
      findings.count(series, event.timestamp(), VerifyCount.DEAD_LETTERED);
    }
  }

  /** The forecasts of one of an event's series. */
  private static List<RecordedForecast> own(List<RecordedForecast> found, Observation observation) {
    return found.stream().filter(one -> one.series().equals(observation.series())).toList();
  }

  private void audit(
      EventVerifier.Processed event, ActivationVisibility arrivals, PendingMigrations waiting) {
    Observation observation = event.observation();
    String series = observation.series();
    findings.count(observation, VerifyCount.EVENTS);
    if (population.isOver(series)) {
      forget(series);
    }
    SeriesReplay replay = replays.get(series);
    TimestampGuard.Judgement clock =
        clocks.judge(observation, event.offset(), replay, isWhole(series), event.found());
    boolean isDoubted = clock.kind() == TimestampGuard.Kind.DOUBTED;
    boolean isRefused = population.refuses(event);
    boolean returns = clock.kind() == TimestampGuard.Kind.RETURNS;
    SeriesReplay before = isDoubted || isRefused || returns ? null : replay;
    EventVerifier.Processed processed =
        before == null ? event : event.askedAt(before.asked(observation));
    ActivationVisibility.Served served = served(processed, arrivals, before);
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
    ServingVersion serving = served.serving();
    if (serving == null) {
      replays.remove(series);
      broken.add(series);
      clocks.forget(series);
      if (!event.found().isEmpty()) {
        population.heard(observation);
      }
      new EventVerifier(setting, extent.partition(), findings, processed).letPass();
      return;
    }
    if (replay == null) {
      replay = new SeriesReplay(setting.timeline(), revisions, serving, served.point(), isWhole);
      replays.put(series, replay);
    }
    if (event.isBlind() && setting.timeline().size() > 1) {
      replay.doubt();
    }
    EventVerifier audit = new EventVerifier(setting, extent.partition(), findings, processed);
    if (audit.judge(replay, serving, served)) {
      clocks.keep(observation, clock);
      population.heard(observation);
    }
  }

  private void deadLettered(EventVerifier.Processed event, String why) {
    findings.count(event.observation(), VerifyCount.DEAD_LETTERED);
    event.found().forEach(one -> findings.unexpected(one, "none, for " + why, "one"));
  }

  /** What has to have served an event; null where nothing can. */
  private ActivationVisibility.@Nullable Served served(
      EventVerifier.Processed event, ActivationVisibility arrivals, @Nullable SeriesReplay replay) {
    Observation observation = event.observation();
    RecordedForecast lead = lead(event, arrivals);
    if (lead == null) {
      ActivationVisibility.Served served =
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
    ActivationVisibility.Served served = arrivals.followed(lead, event.asked());
    if (served != null && setting.timeline().isLateFor(event.asked(), served.point())) {
      findings.count(observation, VerifyCount.BEFORE_ARRIVAL);
    }
    return served;
  }

  /** The forecast that is asked what had arrived; null where there is none. */
  private static @Nullable RecordedForecast lead(
      EventVerifier.Processed event, ActivationVisibility arrivals) {
    List<RecordedForecast> found = event.found();
    if (found.size() > 1) {
      for (RecordedForecast one : found) {
        if (one.series().equals(event.observation().series()) && arrivals.mayHaveServed(one)) {
          return one;
        }
      }
    }
    return found.isEmpty() ? null : found.get(0);
  }
}
