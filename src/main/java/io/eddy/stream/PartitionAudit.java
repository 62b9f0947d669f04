package io.eddy.stream;

import io.eddy.codec.EventDecoder;
import io.eddy.codec.ForecastCodec;
import io.eddy.codec.InvalidRecordException;
import io.eddy.codec.SourcePosition;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.StepFunction;
import io.eddy.forecast.StepResult;
import io.eddy.series.Observation;
import io.eddy.stream.AuditDifference.Mismatch;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Replays the events of one partition in their order and holds every forecast against them. */
final class PartitionAudit {
  private static final int REACH = 1024;

  private final Setting setting;
  private final Extent extent;
  private final AuditScope scope;
  private final AuditReport.Tally tally;
  private final EventDecoder decoder;
  private final StepFunction steps = new StepFunction();
  private final Map<String, SeriesReplay> replays = new HashMap<>();
  private final Fingerprints answered = new Fingerprints();

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
    this.tally = tally;
    decoder = new EventDecoder(setting.stream().format(), setting.stream().covariates());
  }

  /** Reads both to their ends. */
  void run(
      Iterator<ConsumerRecord<byte[], byte[]>> events,
      Iterator<ConsumerRecord<byte[], byte[]>> forecasts) {
    ForecastsAhead ahead = new ForecastsAhead(new Decoded(forecasts), REACH);
    Long first = ahead.firstSource();
    long blindBefore =
        !extent.forecastsCut() ? Long.MIN_VALUE : first == null ? Long.MAX_VALUE : first;
    Arrivals arrivals =
        new Arrivals(
            setting.timeline(), new Arrivals.Dead(setting.dead(), extent.partition()), ahead);
    if (scope.isInPlace()) {
      arrivals.all();
    }
    Pass pass = new Pass(ahead, arrivals, blindBefore);
    while (events.hasNext()) {
      ConsumerRecord<byte[], byte[]> event = events.next();
      new Event(event, pass).audit();
    }
    ahead.drain(this::behind);
  }

  /**
   * What goes along with the events.
   *
   * @param blindBefore offset of the first event whose forecast was not deleted
   */
  private record Pass(ForecastsAhead ahead, Arrivals arrivals, long blindBefore) {}

  /** The forecasts that can be held against an event; what is none is told of at once. */
  private final class Decoded implements Iterator<FoundForecast> {
    private final Iterator<ConsumerRecord<byte[], byte[]>> records;
    private final ForecastCodec codec = new ForecastCodec();
    private @Nullable FoundForecast next;

    Decoded(Iterator<ConsumerRecord<byte[], byte[]>> records) {
      this.records = records;
    }

    @Override
    public boolean hasNext() {
      while (next == null && records.hasNext()) {
        next = decode(records.next());
      }
      return next != null;
    }

    @Override
    public FoundForecast next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      FoundForecast found = Objects.requireNonNull(next);
      next = null;
      return found;
    }

    private @Nullable FoundForecast decode(ConsumerRecord<byte[], byte[]> record) {
      SourcePosition position =
          new SourcePosition(record.topic(), record.partition(), record.offset());
      byte[] key = record.key();
      String series = key == null ? "" : new String(key, StandardCharsets.UTF_8);
      if (record.value() == null) {
        isNone(series, record.timestamp(), position, "null");
        return null;
      }
      try {
        FoundForecast found =
            new FoundForecast(position, record.timestamp(), codec.decode(series, record.value()));
        SourcePosition source = found.published().source();
        if (source.topic().equals(setting.stream().topics().events())
            && source.partition() == extent.partition()) {
          return found;
        }
        unexpected(found, "an event of this partition", source.toString());
      } catch (InvalidRecordException e) {
        isNone(series, record.timestamp(), position, String.valueOf(e.getMessage()));
      }
      return null;
    }

    private void isNone(String series, long timestampMs, SourcePosition position, String what) {
      if (scope.isWithin(series, timestampMs)) {
        tally.count(AuditFigure.FOUND);
        tally.add(
            new AuditDifference(
                AuditFigure.UNEXPECTED,
                series,
                null,
                position,
                Mismatch.of("record", "a forecast", what)));
      }
    }
  }

  /** A forecast of an event that was passed, or that is not there. */
  private void behind(FoundForecast found) {
    long offset = found.sourceOffset();
    if (!scope.isWithin(found.series(), found.timestampMs())) {
      return;
    }
    if (offset >= extent.processed() && offset < extent.end()) {
      return;
    }
    if (offset < extent.begin()) {
      tally.count(AuditFigure.FOUND);
      tally.count(AuditFigure.NOT_DERIVABLE);
      return;
    }
    switch (answered.compare(found)) {
      case NONE -> unexpected(found, "none", "one");
      case OTHER ->
          differs(found, Mismatch.of("a further forecast", "the same bits", "other bits"));
      case SAME, FORGOTTEN -> duplicated(found);
    }
  }

  private void unexpected(FoundForecast found, String expected, String what) {
    if (scope.isWithin(found.series(), found.timestampMs())) {
      tell(AuditFigure.UNEXPECTED, found, Mismatch.of("forecast", expected, what));
    }
  }

  private void duplicated(FoundForecast found) {
    tell(AuditFigure.DUPLICATED, found, Mismatch.of("forecasts", "one", "a further one"));
  }

  private void differs(FoundForecast found, Mismatch mismatch) {
    tell(AuditFigure.DIFFERENT, found, mismatch);
  }

  private void tell(AuditFigure kind, FoundForecast found, Mismatch mismatch) {
    tally.count(AuditFigure.FOUND);
    tally.add(
        new AuditDifference(
            kind, found.series(), found.published().source(), found.position(), mismatch));
  }

  /** One event and what was made of it. */
  private final class Event {
    private final ConsumerRecord<byte[], byte[]> record;
    private final Pass pass;
    private final List<FoundForecast> found;

    Event(ConsumerRecord<byte[], byte[]> record, Pass pass) {
      this.record = record;
      this.pass = pass;
      found = pass.ahead().take(record.offset(), PartitionAudit.this::behind);
    }

    /** Whether its forecast may have been deleted. */
    private boolean isBlind() {
      return record.offset() < pass.blindBefore();
    }

    void audit() {
      String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
      if (scope.series() != null && !scope.series().equals(key)) {
        return;
      }
      try {
        Observation observation = decoder.decode(record.key(), record.value(), record.timestamp());
        count(observation, AuditFigure.EVENTS);
        replay(observation);
      } catch (InvalidRecordException e) {
        if (scope.isWithin(key, record.timestamp())) {
          tally.count(AuditFigure.EVENTS);
          tally.count(AuditFigure.DEAD_LETTERED);
        }
        found.forEach(one -> unexpected(one, "none", "one of what is no event"));
      }
    }

    private void replay(Observation observation) {
      FoundForecast lead = lead(observation);
      ServingModels.Serving serving = serving(observation, lead);
      if (serving == null) {
        count(observation, AuditFigure.DEAD_LETTERED);
        found.forEach(one -> unexpected(one, "none, for no version serves", "one"));
        return;
      }
      SeriesReplay replay =
          replays.computeIfAbsent(
              observation.series(),
              series ->
                  new SeriesReplay(
                      setting.timeline(),
                      steps,
                      serving,
                      pass.arrivals().count(),
                      extent.begin() == 0));
      if (isBlind() && setting.timeline().size() > 1) {
        replay.doubt();
      }
      boolean isExpected = replay.closes(observation, serving);
      if (!replay.isPlaced()) {
        if (isExpected && found.isEmpty() && !isBlind()) {
          // It was dropped: more of the series came before than is kept.
          count(observation, AuditFigure.DROPPED);
          return;
        }
        if (!isExpected && !found.isEmpty()) {
          replay.forget(serving);
        }
      }
      judge(observation, serving, replay);
    }

    private ServingModels.@Nullable Serving serving(
        Observation observation, @Nullable FoundForecast lead) {
      Arrivals arrivals = pass.arrivals();
      long timestampMs = observation.timestampMs();
      if (lead != null) {
        ServingModels.Serving serving = arrivals.followed(lead, timestampMs);
        if (serving != null && arrivals.areLate(serving, timestampMs)) {
          count(observation, AuditFigure.BEFORE_ARRIVAL);
        }
        return serving;
      }
      return isBlind()
          ? arrivals.last(timestampMs)
          : arrivals.assumed(observation, record.offset(), replays.get(observation.series()));
    }

    private void judge(
        Observation observation, ServingModels.Serving serving, SeriesReplay replay) {
      StepResult result = replay.apply(observation, serving, pass.arrivals().count());
      if (result instanceof StepResult.Advanced advanced && isPlaced(replay, advanced.forecast())) {
        hold(observation, advanced.forecast(), replay);
        return;
      }
      if (result instanceof StepResult.Advanced) {
        replay.forget(serving);
        result = replay.apply(observation, serving, pass.arrivals().count());
      }
      count(
          observation,
          result instanceof StepResult.Gathered
              ? AuditFigure.GATHERED
              : result instanceof StepResult.Dropped
                  ? AuditFigure.DROPPED
                  : AuditFigure.DEAD_LETTERED);
      if (replay.isPlaced()) {
        found.forEach(one -> unexpected(one, "none", "one"));
      } else {
        found.forEach(one -> notDerivable(observation, one));
      }
    }

    /** Whether the replay stands where the stream stood, as far as a forecast can tell. */
    private boolean isPlaced(SeriesReplay replay, Forecast expected) {
      if (replay.isPlaced() || found.isEmpty()) {
        return true;
      }
      if (!Comparison.isOfOrigin(found.get(0), expected)) {
        return false;
      }
      replay.placed();
      return true;
    }

    /** The forecast that the event's time and epoch are taken from; null where there is none. */
    private @Nullable FoundForecast lead(Observation observation) {
      FoundForecast lead = found.isEmpty() ? null : found.get(0);
      if (found.size() < 2) {
        return lead;
      }
      for (FoundForecast one : found) {
        if (one.series().equals(observation.series())
            && pass.arrivals().mayHaveServed(one, observation.timestampMs())) {
          return one;
        }
      }
      return lead;
    }

    /** Holds what was found against what the replay gives. */
    private void hold(Observation observation, Forecast expected, SeriesReplay replay) {
      if (isBlind() && found.isEmpty()) {
        count(observation, AuditFigure.NOT_DERIVABLE);
        return;
      }
      count(observation, AuditFigure.EXPECTED);
      if (found.isEmpty()) {
        lost(observation, expected);
        return;
      }
      Comparison comparison =
          new Comparison(observation, expected, setting.stream().model(), replay.isExact());
      FoundForecast match = found.get(0);
      for (FoundForecast one : found) {
        if (comparison.mismatch(one) == null) {
          match = one;
          break;
        }
      }
      Mismatch mismatch = comparison.mismatch(match);
      answered.put(match, replay.isExact() ? expected : match.forecast());
      if (scope.isWithin(observation.series(), observation.timestampMs())) {
        if (mismatch != null) {
          differs(match, mismatch);
        } else {
          tally.count(AuditFigure.FOUND);
        }
        if (!replay.isExact()) {
          tally.count(AuditFigure.NOT_DERIVABLE);
        }
      }
      for (FoundForecast one : found) {
        if (!one.position().equals(match.position())
            && scope.isWithin(observation.series(), observation.timestampMs())) {
          Mismatch other =
              answered.compare(one) == Fingerprints.Result.SAME ? null : comparison.mismatch(one);
          if (other == null) {
            duplicated(one);
          } else {
            differs(one, other);
          }
        }
      }
    }

    private void lost(Observation observation, Forecast expected) {
      if (!scope.isWithin(observation.series(), observation.timestampMs())) {
        return;
      }
      boolean isDead = setting.dead().contains(extent.partition(), record.offset());
      tally.add(
          new AuditDifference(
              AuditFigure.LOST,
              observation.series(),
              new SourcePosition(record.topic(), record.partition(), record.offset()),
              null,
              Mismatch.of(
                  "forecast",
                  "one of epoch " + expected.origin().served().epoch(),
                  isDead ? "none; the event is among the dead letters" : "none")));
    }

    private void notDerivable(Observation observation, FoundForecast one) {
      count(observation, AuditFigure.FOUND);
      count(observation, AuditFigure.NOT_DERIVABLE);
      answered.put(one, one.forecast());
    }

    private void count(Observation observation, AuditFigure figure) {
      if (scope.isWithin(observation.series(), observation.timestampMs())) {
        tally.count(figure);
      }
    }
  }
}
