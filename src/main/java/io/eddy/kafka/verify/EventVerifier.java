package io.eddy.kafka.verify;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.verify.VerifyDifference.Mismatch;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Applies one event to the replay of its series and compares the forecasts found for it. */
final class EventVerifier {
  private final PartitionVerifier.Context context;
  private final int partition;
  private final PartitionReport report;
  private final ProcessedEvent event;

  /**
   * An event that the forecaster has processed.
   *
   * @param lookup the observation with the time at which activations are looked up, which is the
   *     latest time of its series
   * @param found the forecasts that name the event as their source
   * @param isForecastTruncated whether retention may have deleted its forecast
   */
  record ProcessedEvent(
      Observation observation,
      Observation lookup,
      long offset,
      List<RecordedForecast> found,
      boolean isForecastTruncated) {
    ProcessedEvent withLookup(Observation lookup) {
      return new ProcessedEvent(observation, lookup, offset, found, isForecastTruncated);
    }

    ProcessedEvent withFound(List<RecordedForecast> found) {
      return new ProcessedEvent(observation, lookup, offset, found, isForecastTruncated);
    }
  }

  EventVerifier(
      PartitionVerifier.Context context,
      int partition,
      PartitionReport report,
      ProcessedEvent event) {
    this.context = context;
    this.partition = partition;
    this.report = report;
    this.event = event;
  }

  /**
   * Applies the event and compares its forecasts.
   *
   * @param replay the event's series; modified
   * @param serving the version that serves the event
   * @param selection how that version was selected
   * @return whether the event changed the series
   */
  boolean verify(
      SeriesReplay replay, ServingVersion serving, ActivationVisibility.Selection selection) {
    Observation observation = event.observation();
    boolean isExpected = replay.closes(observation, serving);
    if (replay.mayDependOnDeletedEvents(observation, serving)
        && (isExpected || !event.found().isEmpty())) {
      return applyUncompared(replay, serving, selection);
    }
    if (!replay.isPositionKnown() && isRevised()) {
      // The stream was ahead of the first replayed event.
      countUncompared(VerifyCount.STATE_UNKNOWN);
      return true;
    }
    if (!replay.isPositionKnown()) {
      if (isExpected && event.found().isEmpty() && !event.isForecastTruncated()) {
        // The stream dropped it because it had seen later events, which are deleted.
        report.count(observation, VerifyCount.DROPPED);
        return false;
      }
      if (!isExpected && !event.found().isEmpty()) {
        replay.restart(serving);
      }
    }
    StepResult result = replay.apply(observation, serving, selection);
    List<StepResult.Advanced> forecasts = result.forecasts();
    if (!forecasts.isEmpty()) {
      if (hasFoundOrigin(replay, forecasts.get(0).forecast())) {
        compareAll(forecasts, selection, replay);
        return true;
      }
      replay.restart(serving);
      result = replay.apply(observation, serving, selection);
    }
    reportWithoutForecast(result, replay);
    return !(result instanceof StepResult.Dropped) && !(result instanceof StepResult.Refused);
  }

  /** Returns whether a forecast found for the event revises an earlier one. */
  private boolean isRevised() {
    return event.found().stream()
        .anyMatch(forecast -> forecast.forecast().origin().quality().revision() > 0);
  }

  /**
   * Applies an event whose result depends on deleted events, and counts its forecasts.
   *
   * @return whether the event changed the series
   */
  private boolean applyUncompared(
      SeriesReplay replay, ServingVersion serving, ActivationVisibility.Selection selection) {
    if (event.found().isEmpty()) {
      report.count(event.observation(), VerifyCount.DROPPED);
      return false;
    }
    replay.apply(event.observation(), serving, selection);
    replay.invalidateState();
    countUncompared(VerifyCount.STATE_UNKNOWN);
    return true;
  }

  /** Counts the forecasts found, whose version is no longer on the models topic. */
  void countVersionDeleted() {
    countUncompared(VerifyCount.VERSION_DELETED);
  }

  private void countUncompared(VerifyCount reason) {
    if (event.found().isEmpty()) {
      report.count(event.observation(), VerifyCount.DROPPED);
      return;
    }
    Set<List<Object>> steps = new HashSet<>();
    for (RecordedForecast found : event.found()) {
      Forecast.Origin origin = found.forecast().origin();
      if (steps.add(List.of(origin.timestampMs(), origin.quality().isProvisional()))) {
        report.matched(event.observation(), found, found.forecast());
        report.count(event.observation(), reason);
      } else {
        report.repeated(event.observation(), found, null);
      }
    }
  }

  /** Returns whether the replay's position agrees with the origin of the first forecast found. */
  private boolean hasFoundOrigin(SeriesReplay replay, Forecast expected) {
    if (replay.isPositionKnown() || event.found().isEmpty()) {
      return true;
    }
    if (!ForecastComparison.hasOrigin(event.found().get(0), expected)) {
      return false;
    }
    replay.confirmPosition();
    return true;
  }

  private void reportWithoutForecast(StepResult result, SeriesReplay replay) {
    report.count(
        event.observation(),
        result instanceof StepResult.Gathered
            ? VerifyCount.GATHERED
            : result instanceof StepResult.Dropped
                ? VerifyCount.DROPPED
                : VerifyCount.DEAD_LETTERED);
    for (RecordedForecast found : event.found()) {
      if (replay.isPositionKnown()) {
        report.unexpected(found, "none", "one");
      } else {
        report.matched(event.observation(), found, found.forecast());
        report.count(event.observation(), VerifyCount.STATE_UNKNOWN);
      }
    }
  }

  /** Compares the forecasts found with the expected ones of their steps. */
  private void compareAll(
      List<StepResult.Advanced> expected,
      ActivationVisibility.Selection selection,
      SeriesReplay replay) {
    if (expected.size() == 1) {
      compare(expected.get(0).forecast(), selection, replay);
      return;
    }
    List<RecordedForecast> remaining = new ArrayList<>(event.found());
    for (StepResult.Advanced advanced : expected) {
      List<RecordedForecast> ofStep =
          remaining.stream()
              .filter(found -> ForecastComparison.isOfStep(found, advanced.forecast()))
              .toList();
      remaining.removeAll(ofStep);
      new EventVerifier(context, partition, report, event.withFound(ofStep))
          .compare(advanced.forecast(), selection, replay);
    }
    remaining.forEach(found -> report.unexpected(found, "none of this step", "one"));
  }

  /** Compares the forecasts found with the expected one. */
  private void compare(
      Forecast expected, ActivationVisibility.Selection selection, SeriesReplay replay) {
    Observation observation = event.observation();
    if (event.isForecastTruncated() && event.found().isEmpty()) {
      report.count(observation, VerifyCount.FORECAST_DELETED);
      return;
    }
    report.count(observation, VerifyCount.EXPECTED);
    if (event.found().isEmpty()) {
      reportLost(expected);
      return;
    }
    ForecastComparison comparison =
        new ForecastComparison(
            event.lookup(), expected, selection, context.stream().model(), replay.isExact());
    RecordedForecast best = bestMatch(comparison);
    Forecast known = replay.isExact() ? expected : best.forecast();
    Mismatch mismatch = comparison.mismatch(best);
    if (mismatch == null) {
      report.matched(observation, best, known);
    } else {
      report.different(observation, best, known, mismatch);
    }
    report.count(observation, replay.isExact() ? VerifyCount.COMPARED : VerifyCount.STATE_UNKNOWN);
    if (best.published().known().skipped() > 0) {
      report.count(observation, VerifyCount.ACTIVATION_SKIPPED);
    }
    if (selection.pendingEpoch() > 0) {
      report.count(observation, VerifyCount.MIGRATION_PENDING);
    }
    for (RecordedForecast found : event.found()) {
      if (!found.position().equals(best.position())) {
        report.repeated(observation, found, comparison.mismatch(found));
      }
    }
  }

  /** Returns the first forecast without a mismatch, or the first one if all mismatch. */
  private RecordedForecast bestMatch(ForecastComparison comparison) {
    return event.found().stream()
        .filter(found -> comparison.mismatch(found) == null)
        .findFirst()
        .orElseGet(() -> event.found().get(0));
  }

  private void reportLost(Forecast expected) {
    boolean isDeadLettered =
        context.deadLetters().contains(partition, event.offset(), event.observation().series());
    report.lost(
        event.observation(),
        new SourcePosition(context.stream().topics().source(), partition, event.offset()),
        Mismatch.of(
            "forecast",
            "one of epoch " + expected.origin().served().epoch(),
            isDeadLettered ? "none; the event is a dead letter" : "none"));
  }
}
