package io.eddy.stream;

import io.eddy.codec.SourcePosition;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.StepResult;
import io.eddy.series.Observation;
import io.eddy.stream.AuditDifference.Mismatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One event: lets it act on the replay of its series, and holds against that what was made of it.
 */
final class EventAudit {
  private final PartitionAudit.Setting setting;
  private final int partition;
  private final PartitionFindings findings;
  private final Processed event;

  /**
   * An event that the forecaster has processed.
   *
   * @param asked the same at the time that says what serves it
   * @param found the forecasts that stand near and name it
   * @param isBlind whether its forecast may have been deleted
   */
  record Processed(
      Observation observation,
      Observation asked,
      long offset,
      List<FoundForecast> found,
      boolean isBlind) {
    /** The same, asked what serves it at the time of another. */
    Processed askedAt(Observation asked) {
      return new Processed(observation, asked, offset, found, isBlind);
    }

    /** The same with some of what was found. */
    Processed with(List<FoundForecast> found) {
      return new Processed(observation, asked, offset, found, isBlind);
    }
  }

  EventAudit(
      PartitionAudit.Setting setting, int partition, PartitionFindings findings, Processed event) {
    this.setting = setting;
    this.partition = partition;
    this.findings = findings;
    this.event = event;
  }

  /**
   * Advances the replay and compares.
   *
   * @param replay of the event's series; modified
   * @param serving what has to have served
   * @param served when
   * @return whether the event changed anything
   */
  boolean judge(SeriesReplay replay, ServingModels.Serving serving, Arrivals.Served served) {
    Observation observation = event.observation();
    boolean isExpected = replay.closes(observation, serving);
    if (replay.mayMiss(observation, serving) && (isExpected || !event.found().isEmpty())) {
      return letUnknownPass(replay, serving, served);
    }
    if (!replay.isPlaced() && isRevised()) {
      // The stream was further than the replay's first event.
      letPass(AuditFigure.STATE_UNKNOWN);
      return true;
    }
    if (!replay.isPlaced()) {
      if (isExpected && event.found().isEmpty() && !event.isBlind()) {
        // It was dropped: more of the series came before than is kept.
        findings.count(observation, AuditFigure.DROPPED);
        return false;
      }
      if (!isExpected && !event.found().isEmpty()) {
        replay.forget(serving);
      }
    }
    StepResult result = replay.apply(observation, serving, served);
    List<StepResult.Advanced> forecasts = result.forecasts();
    if (!forecasts.isEmpty()) {
      if (isPlaced(replay, forecasts.get(0).forecast())) {
        holdAll(forecasts, served, replay);
        return true;
      }
      replay.forget(serving);
      result = replay.apply(observation, serving, served);
    }
    withoutForecast(result, replay);
    return !(result instanceof StepResult.Dropped) && !(result instanceof StepResult.Refused);
  }

  /** Whether what was found takes the place of earlier forecasts. */
  private boolean isRevised() {
    return event.found().stream()
        .anyMatch(one -> one.forecast().origin().standing().revision() > 0);
  }

  /**
   * Counts what a stream made of an event that remembers more of its closed steps.
   *
   * @return whether the event changed anything
   */
  private boolean letUnknownPass(
      SeriesReplay replay, ServingModels.Serving serving, Arrivals.Served served) {
    if (event.found().isEmpty()) {
      findings.count(event.observation(), AuditFigure.DROPPED);
      return false;
    }
    replay.apply(event.observation(), serving, served);
    replay.unknown();
    letPass(AuditFigure.STATE_UNKNOWN);
    return true;
  }

  /** Counts what was found where the version that served is no longer kept. */
  void letPass() {
    letPass(AuditFigure.VERSION_DELETED);
  }

  /** Counts what was found, of which no more is known than that. */
  private void letPass(AuditFigure why) {
    if (event.found().isEmpty()) {
      findings.count(event.observation(), AuditFigure.DROPPED);
      return;
    }
    Set<List<Object>> steps = new HashSet<>();
    for (FoundForecast one : event.found()) {
      Forecast.Origin origin = one.forecast().origin();
      if (steps.add(List.of(origin.timestampMs(), origin.standing().isProvisional()))) {
        findings.agreed(event.observation(), one, one.forecast());
        findings.count(event.observation(), why);
      } else {
        findings.further(event.observation(), one, null);
      }
    }
  }

  /** Whether the replay stands where the stream stood, as far as a forecast can tell. */
  private boolean isPlaced(SeriesReplay replay, Forecast expected) {
    if (replay.isPlaced() || event.found().isEmpty()) {
      return true;
    }
    if (!Comparison.isOfOrigin(event.found().get(0), expected)) {
      return false;
    }
    replay.placed();
    return true;
  }

  private void withoutForecast(StepResult result, SeriesReplay replay) {
    findings.count(
        event.observation(),
        result instanceof StepResult.Gathered
            ? AuditFigure.GATHERED
            : result instanceof StepResult.Dropped
                ? AuditFigure.DROPPED
                : AuditFigure.DEAD_LETTERED);
    for (FoundForecast one : event.found()) {
      if (replay.isPlaced()) {
        findings.unexpected(one, "none", "one");
      } else {
        findings.agreed(event.observation(), one, one.forecast());
        findings.count(event.observation(), AuditFigure.STATE_UNKNOWN);
      }
    }
  }

  /** Holds what was found against all that the replay gives, each against that of its step. */
  private void holdAll(
      List<StepResult.Advanced> expected, Arrivals.Served served, SeriesReplay replay) {
    if (expected.size() == 1) {
      hold(expected.get(0).forecast(), served, replay);
      return;
    }
    List<FoundForecast> left = new ArrayList<>(event.found());
    for (StepResult.Advanced one : expected) {
      List<FoundForecast> own =
          left.stream().filter(found -> Comparison.isOfStep(found, one.forecast())).toList();
      left.removeAll(own);
      new EventAudit(setting, partition, findings, event.with(own))
          .hold(one.forecast(), served, replay);
    }
    left.forEach(found -> findings.unexpected(found, "none of that step", "one"));
  }

  /** Holds what was found against what the replay gives. */
  private void hold(Forecast expected, Arrivals.Served served, SeriesReplay replay) {
    Observation observation = event.observation();
    if (event.isBlind() && event.found().isEmpty()) {
      findings.count(observation, AuditFigure.FORECAST_DELETED);
      return;
    }
    findings.count(observation, AuditFigure.EXPECTED);
    if (event.found().isEmpty()) {
      lost(expected);
      return;
    }
    Comparison comparison =
        new Comparison(event.asked(), expected, served, setting.stream().model(), replay.isExact());
    FoundForecast nearest = nearest(comparison);
    Forecast known = replay.isExact() ? expected : nearest.forecast();
    Mismatch mismatch = comparison.mismatch(nearest);
    if (mismatch == null) {
      findings.agreed(observation, nearest, known);
    } else {
      findings.differs(observation, nearest, known, mismatch);
    }
    findings.count(
        observation, replay.isExact() ? AuditFigure.COMPARED : AuditFigure.STATE_UNKNOWN);
    if (nearest.published().known().passedOver() > 0) {
      findings.count(observation, AuditFigure.PASSED_OVER);
    }
    if (served.awaitedEpoch() > 0) {
      findings.count(observation, AuditFigure.WAITED);
    }
    for (FoundForecast one : event.found()) {
      if (!one.position().equals(nearest.position())) {
        findings.further(observation, one, comparison.mismatch(one));
      }
    }
  }

  /** The first that holds, or the first of all. */
  private FoundForecast nearest(Comparison comparison) {
    return event.found().stream()
        .filter(one -> comparison.mismatch(one) == null)
        .findFirst()
        .orElseGet(() -> event.found().get(0));
  }

  private void lost(Forecast expected) {
    boolean isDead =
        setting.dead().contains(partition, event.offset(), event.observation().series());
    findings.lost(
        event.observation(),
        new SourcePosition(setting.stream().topics().source(), partition, event.offset()),
        Mismatch.of(
            "forecast",
            "one of epoch " + expected.origin().served().epoch(),
            isDead ? "none; the event is among the dead letters" : "none"));
  }
}
