package io.eddy.kafka.verify;

import io.eddy.admission.DecodedEvent;
import io.eddy.admission.SeriesLimits;
import io.eddy.admission.TimestampGuard;
import io.eddy.engine.SeriesEngine;
import io.eddy.engine.SilenceWatch;
import io.eddy.forecast.alert.Alert;
import io.eddy.forecast.step.StoredState;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventReader;
import io.eddy.kafka.event.ReadResult;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.topics.PartitionGrowth;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.SeriesStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Replays the events of one partition in order and compares every forecast. */
public final class PartitionVerifier {
  private static final int LOOKAHEAD = 1024;

  /** Number of events after which expired series are removed, which bounds the memory. */
  private static final int EXPIRY_PERIOD = 1 << 14;

  private final Context context;
  private final Offsets offsets;
  private final VerifyScope scope;
  private final PartitionReport report;
  private final EventMapping mapping;
  private final SeriesEngine engine;
  private final EventReader reader;
  private final DeadLetterIndex.Partition deadLetters;
  private final VerifyTimestampGuards timestampGuards;
  private final VerifyActiveSeries activeSeries;
  private final UnservedEvents unserved;
  private final StartCheck start;
  private final boolean isWatching;
  private SilenceWatch silences;
  private final Map<String, SeriesReplay> replays = new HashMap<>();

  /** Null if there are no rules of alerts. */
  private @Nullable AlertVerifier alerts;

  /** Series that were deleted, so that all their remaining events are retained. */
  private final Set<String> deleted = new HashSet<>();

  /** Series that were served by a version that is no longer on the models topic. */
  private final Set<String> incomplete = new HashSet<>();

  /** The settings, activations and dead letters that all partitions share. */
  public record Context(
      StreamSettings stream, ActivationTimeline timeline, DeadLetterIndex deadLetters) {}

  /** The part of the topic before the first event to replay. */
  public enum Start {
    /** No event of the partition's series. */
    COMPLETE,
    /** Events that were deleted. */
    DELETED,
    /** Events that are not read. */
    CHOSEN;

    static Start of(boolean isComplete) {
      return isComplete ? COMPLETE : DELETED;
    }
  }

  /**
   * The offsets of a partition.
   *
   * @param partition of the events and forecasts topics
   * @param begin offset of the first event to replay
   * @param processed offset of the first event that the forecaster has not processed
   * @param end offset after the last event
   * @param areForecastsTruncated whether retention deleted forecasts
   * @param start what is before {@code begin}
   */
  public record Offsets(
      int partition,
      long begin,
      long processed,
      long end,
      boolean areForecastsTruncated,
      Start start) {
    /** Creates the offsets of a partition whose series were always there. */
    public Offsets(
        int partition, long begin, long processed, long end, boolean areForecastsTruncated) {
      this(partition, begin, processed, end, areForecastsTruncated, Start.of(begin == 0));
    }

    /** Returns whether no event of the partition's series is before the first one. */
    boolean isComplete() {
      return start == Start.COMPLETE;
    }

    /** Returns the offsets of a replay that begins at a later event. */
    Offsets from(long event) {
      return new Offsets(partition, event, processed, end, false, Start.CHOSEN);
    }
  }

  public PartitionVerifier(
      Context context, Offsets offsets, VerifyScope scope, VerifyReport.Builder builder) {
    this.context = context;
    this.offsets = offsets;
    this.scope = scope;
    mapping = context.stream().events().ofSource();
    report = new PartitionReport(scope, builder, offsets, mapping);
    StreamPolicies policies = context.stream().policies();
    engine = new SeriesEngine(policies.lateness(), policies.anomalies(), policies.alerts());
    reader = new EventReader(mapping, policies.limits(), policies.nullValues());
    deadLetters = context.deadLetters().partition(offsets.partition());
    SeriesLimits limits = policies.series();
    timestampGuards = new VerifyTimestampGuards(limits.timestampGuard(), deadLetters);
    unserved = new UnservedEvents(context, offsets, report);
    start = new StartCheck(offsets.start() == Start.CHOSEN, report, deadLetters);
    isWatching = !policies.anomalies().isOff();
    silences = watch();
    activeSeries = new VerifyActiveSeries(limits, deadLetters, offsets.isComplete());
  }

  /** Reads the iterators to their ends. */
  public void run(
      Iterator<ConsumerRecord<byte[], byte[]>> events,
      Iterator<ConsumerRecord<byte[], byte[]>> forecastRecords,
      AnomalyRecords anomalyRecords) {
    Replay replay = begin(events, forecastRecords, anomalyRecords, offset -> {});
    replay.runTo(Long.MAX_VALUE);
    replay.finish();
  }

  /**
   * Verifies alerts too.
   *
   * @param records of the alerts topic
   * @param isTruncated whether retention deleted alerts
   */
  public void verifyAlerts(Iterator<ConsumerRecord<byte[], byte[]>> records, boolean isTruncated) {
    alerts = new AlertVerifier(records, isTruncated, context.stream(), report);
  }

  /**
   * Begins to read the iterators.
   *
   * @param progress receives the offset of each event before it is replayed
   */
  Replay begin(
      Iterator<ConsumerRecord<byte[], byte[]>> events,
      Iterator<ConsumerRecord<byte[], byte[]>> forecastRecords,
      AnomalyRecords anomalyRecords,
      LongConsumer progress) {
    return new Replay(
        events,
        new ForecastsBySource(
            new ForecastRecordReader(forecastRecords, context.stream(), report), LOOKAHEAD),
        new AnomalyVerifier(context, offsets, report, anomalyRecords, this::areAnomaliesExact),
        progress);
  }

  /** The replay of the partition, which pauses where series move to other partitions. */
  final class Replay {
    private final Iterator<ConsumerRecord<byte[], byte[]>> events;
    private final ForecastsBySource forecasts;
    private final AnomalyVerifier anomalies;
    private final ActivationVisibility visibility;
    private final PendingMigrations migrations;
    private final long truncatedBefore;
    private final LongConsumer progress;
    private @Nullable ConsumerRecord<byte[], byte[]> next;
    private boolean hasForecasts;
    private long replayed;

    Replay(
        Iterator<ConsumerRecord<byte[], byte[]>> events,
        ForecastsBySource forecasts,
        AnomalyVerifier anomalies,
        LongConsumer progress) {
      this.events = events;
      this.progress = progress;
      this.forecasts = forecasts;
      this.anomalies = anomalies;
      Long first = forecasts.firstSource();
      truncatedBefore =
          !offsets.areForecastsTruncated()
              ? Long.MIN_VALUE
              : first == null ? Long.MAX_VALUE : first;
      visibility =
          new ActivationVisibility(context.timeline(), deadLetters, forecasts, scope.isInPlace());
      migrations = new PendingMigrations(context.timeline(), forecasts);
    }

    /** Replays the events before an offset. */
    void runTo(long offset) {
      while (true) {
        ConsumerRecord<byte[], byte[]> event = next;
        if (event == null && events.hasNext()) {
          event = events.next();
        }
        next = event;
        if (event == null || event.offset() >= offset) {
          return;
        }
        if (start.isInconclusive()) {
          return;
        }
        next = null;
        if (++replayed % EXPIRY_PERIOD == 0) {
          activeSeries.expired().forEach(PartitionVerifier.this::remove);
        }
        progress.accept(event.offset());
        List<RecordedForecast> found = forecasts.take(event.offset(), report::unclaimed);
        hasForecasts |= !found.isEmpty();
        boolean isForecastTruncated = event.offset() < truncatedBefore;
        if (alerts != null) {
          alerts.moveTo(event.offset());
        }
        verify(event, found, this, isForecastTruncated);
        anomalies.compare(event.offset());
      }
    }

    /** Reports the forecasts that are left. */
    void finish() {
      forecasts.drain(report::unclaimed);
      anomalies.finish();
      if (alerts != null) {
        alerts.finish(offsets.processed());
      }
      if (!hasForecasts) {
        unserved.report();
      }
      report.countExpired();
    }

    /** Returns whether the result is that of a replay of all events. */
    boolean isConclusive() {
      return start.isConclusive();
    }

    /** Returns the number of series that were taken to begin after the first event. */
    long begun() {
      return start.begun();
    }

    /** Passes the series on as they are now. */
    void passOn(FinalStates states) {
      replays.forEach(
          (series, replay) -> {
            InMemorySeriesStore parts = replay.parts();
            timestampGuards.putInto(series, parts);
            states.accept(offsets.partition(), series, parts, replay.isExact());
          });
    }

    /** Moves the series that a change of the number of partitions takes elsewhere. */
    void move(PartitionGrowth growth, List<Replay> replays) {
      for (String series : series()) {
        byte[] key = series.getBytes(StandardCharsets.UTF_8);
        if (growth.partitioner().partition(key, growth.from()) == offsets.partition()
            && growth.moves(key)) {
          moveTo(series, replays.get(growth.partition(key)).verifier());
        }
      }
    }

    /** Counts the active series again, as the stream does. */
    void recount() {
      activeSeries.recount();
      silences = watch();
      replays.forEach((series, replay) -> silences.add(series, replay.stored()));
    }

    private PartitionVerifier verifier() {
      return PartitionVerifier.this;
    }
  }

  /** Returns all series of which anything is known. */
  private Set<String> series() {
    Set<String> all = new HashSet<>(replays.keySet());
    all.addAll(incomplete);
    all.addAll(deleted);
    all.addAll(timestampGuards.series());
    all.addAll(activeSeries.series());
    return all;
  }

  private SilenceWatch watch() {
    return new SilenceWatch(
        this::storeForSilence, (series, stored) -> activeSeries.isExpired(series));
  }

  private @Nullable SeriesStore storeForSilence(String series) {
    SeriesReplay replay = replays.get(series);
    return replay == null ? null : replay.storeForSilence();
  }

  private boolean areAnomaliesExact(String series) {
    SeriesReplay replay = replays.get(series);
    return replay == null ? isComplete(series) : replay.areAnomaliesExact();
  }

  private void moveTo(String series, PartitionVerifier other) {
    SeriesReplay replay = replays.remove(series);
    if (replay != null) {
      other.replays.put(series, replay);
    }
    if (incomplete.remove(series)) {
      other.incomplete.add(series);
    }
    if (deleted.remove(series)) {
      other.deleted.add(series);
    }
    timestampGuards.moveTo(series, other.timestampGuards);
    activeSeries.moveTo(series, other.activeSeries);
  }

  private void verify(
      ConsumerRecord<byte[], byte[]> event,
      List<RecordedForecast> found,
      Replay replay,
      boolean isForecastTruncated) {
    String key = reader.series(event.key());
    if (!mapping.hasSeveralValues() && isIgnored(key)) {
      return;
    }
    ReadResult read = reader.read(event);
    if (read instanceof ReadResult.Deletion deletion) {
      delete(deletion.series(), event);
      reportUnexpected(found, "one of a tombstone");
      return;
    }
    if (read instanceof ReadResult.Rejection) {
      countDeadLetter(key, event);
      reportUnexpected(found, "one of an invalid event");
      return;
    }
    if (read instanceof ReadResult.Skip) {
      reportUnexpected(found, "one of a skipped event");
      return;
    }
    DecodedEvent decoded = ((ReadResult.Event) read).event();
    decoded.refused().keySet().forEach(series -> countDeadLetter(series, event));
    List<RecordedForecast> remaining = new ArrayList<>(found);
    for (Observation observation : decoded.observations()) {
      if (!isIgnored(observation.series())) {
        List<RecordedForecast> ofSeries =
            mapping.hasSeveralValues() ? ofSeries(remaining, observation) : found;
        remaining.removeAll(ofSeries);
        verify(
            new EventVerifier.ProcessedEvent(
                observation, observation, event.offset(), ofSeries, isForecastTruncated),
            replay);
      }
    }
    remaining.removeIf(forecast -> isIgnored(forecast.series()));
    reportUnexpected(remaining, "one of a series that the event does not contain");
  }

  private void reportUnexpected(List<RecordedForecast> forecasts, String found) {
    forecasts.forEach(forecast -> report.unexpected(forecast, "none", found));
  }

  private boolean isIgnored(String series) {
    // When a series is silent depends on the events of all others.
    return scope.series() != null
        && !scope.series().equals(series)
        && !activeSeries.isEnabled()
        && !isWatching;
  }

  private void delete(String series, ConsumerRecord<byte[], byte[]> event) {
    remove(series);
    report.count(series, event.timestamp(), VerifyCount.EVENTS);
    report.count(series, event.timestamp(), VerifyCount.DELETED);
  }

  /** Removes a series that the stream has removed. Its next event starts a new series. */
  private void remove(String series) {
    replays.remove(series);
    incomplete.remove(series);
    if (!offsets.isComplete()) {
      deleted.add(series);
    }
    timestampGuards.remove(series);
    activeSeries.remove(series);
  }

  /** Returns whether all events of a series, and the versions that served them, are retained. */
  private boolean isComplete(String series) {
    return (offsets.isComplete() || deleted.contains(series)) && !incomplete.contains(series);
  }

  private void countDeadLetter(String series, ConsumerRecord<byte[], byte[]> event) {
    if (!isIgnored(series)) {
      report.count(series, event.timestamp(), VerifyCount.EVENTS);
      report.count(series, event.timestamp(), VerifyCount.DEAD_LETTERED);
    }
  }

  private static List<RecordedForecast> ofSeries(
      List<RecordedForecast> forecasts, Observation observation) {
    return forecasts.stream()
        .filter(forecast -> forecast.series().equals(observation.series()))
        .toList();
  }

  private void verify(EventVerifier.ProcessedEvent event, Replay run) {
    Observation observation = event.observation();
    String series = observation.series();
    report.count(observation, VerifyCount.EVENTS);
    if (activeSeries.isExpired(series)) {
      remove(series);
    }
    SeriesReplay replay = replays.get(series);
    TimestampGuard.Decision timestamp =
        timestampGuards.check(
            observation, event.offset(), replay, isComplete(series), event.found());
    boolean isTimestampRejected = timestamp.kind() == TimestampGuard.Kind.REJECTED;
    boolean isSeriesRejected = activeSeries.isRejected(event);
    boolean isReset = timestamp.kind() == TimestampGuard.Kind.RESET;
    SeriesReplay before = isTimestampRejected || isSeriesRejected || isReset ? null : replay;
    EventVerifier.ProcessedEvent processed =
        before == null ? event : event.withLookup(before.atNewestTime(observation));
    ActivationVisibility.Selection selection = select(processed, run.visibility, before);
    if (selection == null
        && !isSeriesRejected
        && event.found().isEmpty()
        && context.timeline().isServedFromBegin(processed.lookup())) {
      unserved.add(processed);
    }
    if (selection == null || isSeriesRejected) {
      countDeadLetter(
          processed, isSeriesRejected ? "too many series" : "no version serves the event");
      start.rejected(processed);
      return;
    }
    if (isTimestampRejected) {
      timestampGuards.update(observation, timestamp);
      countDeadLetter(processed, "timestamp out of range");
      start.rejected(processed);
      return;
    }
    if (isReset) {
      remove(series);
      replay = null;
    }
    boolean isComplete = isComplete(series);
    selection = run.migrations.apply(processed, selection, replay, isComplete);
    ServingVersion serving = selection.serving();
    if (serving == null) {
      replays.remove(series);
      incomplete.add(series);
      timestampGuards.remove(series);
      if (!event.found().isEmpty()) {
        activeSeries.add(observation);
      }
      run.anomalies.skip(series);
      new EventVerifier(context, offsets.partition(), report, processed).countVersionDeleted();
      if (alerts != null) {
        alerts.skip(series);
      }
      return;
    }
    if (replay == null) {
      replay =
          new SeriesReplay(context.timeline(), engine, serving, selection.progress(), isComplete);
      replays.put(series, replay);
    }
    if (event.isForecastTruncated() && context.timeline().size() > 1) {
      replay.invalidateVersion();
    }
    start.confirmBegin(processed, replay, serving);
    boolean closes = start.closes(processed, replay, serving);
    EventVerifier verifier = new EventVerifier(context, offsets.partition(), report, processed);
    StoredState stored = replay.stored();
    boolean isChange = verifier.verify(replay, serving, selection);
    if (isChange) {
      timestampGuards.update(observation, timestamp);
      activeSeries.add(observation);
    }
    run.anomalies.expect(processed, replay);
    start.applied(processed, replay.isExact() && replay.isPositionKnown(), closes);
    if (isWatching && isChange) {
      run.anomalies.expect(processed, silences.advance(observation, stored, replay.silenceDueMs()));
    }
    compareAlerts(event, replay);
  }

  private void compareAlerts(EventVerifier.ProcessedEvent event, SeriesReplay replay) {
    if (alerts == null) {
      return;
    }
    String series = event.observation().series();
    List<Alert> expected = replay.takeAlerts();
    if (expected == null) {
      alerts.skip(series);
    } else {
      SourcePosition source =
          new SourcePosition(
              context.stream().topics().source(), offsets.partition(), event.offset());
      alerts.compare(source, series, expected);
    }
  }

  private void countDeadLetter(EventVerifier.ProcessedEvent event, String reason) {
    report.count(event.observation(), VerifyCount.DEAD_LETTERED);
    event.found().forEach(found -> report.unexpected(found, "none (" + reason + ")", "one"));
  }

  /** Selects the version that serves an event; null if none exists. */
  private ActivationVisibility.@Nullable Selection select(
      EventVerifier.ProcessedEvent event,
      ActivationVisibility visibility,
      @Nullable SeriesReplay replay) {
    Observation observation = event.observation();
    RecordedForecast recorded = decidingForecast(event, visibility);
    if (recorded == null) {
      ActivationVisibility.Selection selection =
          event.isForecastTruncated()
              ? visibility.selectWithAll(event.lookup())
              : visibility.selectWithoutForecast(event, replay);
      // The stream looks up the version at the event's own time first.
      return selection != null
              && !event.lookup().equals(observation)
              && context.timeline().activation(selection.progress(), observation) == null
          ? null
          : selection;
    }
    ActivationVisibility.Selection selection =
        visibility.selectByForecast(recorded, event.lookup());
    if (selection != null
        && context.timeline().isActivationLate(event.lookup(), selection.progress())) {
      report.count(observation, VerifyCount.ACTIVATION_LATE);
    }
    return selection;
  }

  /** Returns the forecast that records which activations were received; null if none exists. */
  private static @Nullable RecordedForecast decidingForecast(
      EventVerifier.ProcessedEvent event, ActivationVisibility visibility) {
    List<RecordedForecast> found = event.found();
    if (found.size() > 1) {
      for (RecordedForecast forecast : found) {
        if (forecast.series().equals(event.observation().series())
            && visibility.mayHaveServed(forecast)) {
          return forecast;
        }
      }
    }
    return found.isEmpty() ? null : found.get(0);
  }
}
