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

/**
 * One event: lets it act on the replay of its series, and holds against that what was made of it.
 */
final class EventVerifier {
  private final PartitionVerifier.Setting setting;
  private final int partition;
  private final PartitionReport findings;
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
      List<RecordedForecast> found,
      boolean isBlind) {
    /** The same, asked what serves it at the time of another. */
    Processed askedAt(Observation asked) {
      return new Processed(observation, asked, offset, found, isBlind);
    }

    /** The same with some of what was found. */
    Processed with(List<RecordedForecast> found) {
      return new Processed(observation, asked, offset, found, isBlind);
    }
  }

  EventVerifier(
      PartitionVerifier.Setting setting, int partition, PartitionReport findings, Processed event) {
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
  boolean judge(SeriesReplay replay, ServingVersion serving, ActivationVisibility.Served served) {
    Observation observation = event.observation();
    boolean isExpected = replay.closes(observation, serving);
    if (replay.mayMiss(observation, serving) && (isExpected || !event.found().isEmpty())) {
      return letUnknownPass(replay, serving, served);
    }
    if (!replay.isPlaced() && isRevised()) {
      // The stream was further than the replay's first event.
      letPass(VerifyCount.STATE_UNKNOWN);
      return true;
    }
    if (!replay.isPlaced()) {
      if (isExpected && event.found().isEmpty() && !event.isBlind()) {
        // It was dropped: more of the series came before than is kept.
        findings.count(observation, VerifyCount.DROPPED);
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
      SeriesReplay replay, ServingVersion serving, ActivationVisibility.Served served) {
    if (event.found().isEmpty()) {
      findings.count(event.observation(), VerifyCount.DROPPED);
      return false;
    }
    replay.apply(event.observation(), serving, served);
    replay.unknown();
    letPass(VerifyCount.STATE_UNKNOWN);
    return true;
  }

  /** Counts what was found where the version that served is no longer kept. */
  void letPass() {
    letPass(VerifyCount.VERSION_DELETED);
  }

  /** Counts what was found, of which no more is known than that. */
  private void letPass(VerifyCount why) {
    if (event.found().isEmpty()) {
      findings.count(event.observation(), VerifyCount.DROPPED);
      return;
    }
    Set<List<Object>> steps = new HashSet<>();
    for (RecordedForecast one : event.found()) {
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
    if (!ForecastComparison.isOfOrigin(event.found().get(0), expected)) {
      return false;
    }
    replay.placed();
    return true;
  }

  private void withoutForecast(StepResult result, SeriesReplay replay) {
    findings.count(
        event.observation(),
        result instanceof StepResult.Gathered
            ? VerifyCount.GATHERED
            : result instanceof StepResult.Dropped
                ? VerifyCount.DROPPED
                : VerifyCount.DEAD_LETTERED);
    for (RecordedForecast one : event.found()) {
      if (replay.isPlaced()) {
        findings.unexpected(one, "none", "one");
      } else {
        findings.agreed(event.observation(), one, one.forecast());
        findings.count(event.observation(), VerifyCount.STATE_UNKNOWN);
      }
    }
  }

  /** Holds what was found against all that the replay gives, each against that of its step. */
  private void holdAll(
      List<StepResult.Advanced> expected, ActivationVisibility.Served served, SeriesReplay replay) {
    if (expected.size() == 1) {
      hold(expected.get(0).forecast(), served, replay);
      return;
    }
    List<RecordedForecast> left = new ArrayList<>(event.found());
    for (StepResult.Advanced one : expected) {
      List<RecordedForecast> own =
          left.stream()
              .filter(found -> ForecastComparison.isOfStep(found, one.forecast()))
              .toList();
      left.removeAll(own);
      new EventVerifier(setting, partition, findings, event.with(own))
          .hold(one.forecast(), served, replay);
    }
    left.forEach(found -> findings.unexpected(found, "none of that step", "one"));
  }

  /** Holds what was found against what the replay gives. */
  private void hold(Forecast expected, ActivationVisibility.Served served, SeriesReplay replay) {
    Observation observation = event.observation();
    if (event.isBlind() && event.found().isEmpty()) {
      findings.count(observation, VerifyCount.FORECAST_DELETED);
      return;
    }
    findings.count(observation, VerifyCount.EXPECTED);
    if (event.found().isEmpty()) {
      lost(expected);
      return;
    }
    ForecastComparison comparison =
        new ForecastComparison(
            event.asked(), expected, served, setting.stream().model(), replay.isExact());
    RecordedForecast nearest = nearest(comparison);
    Forecast known = replay.isExact() ? expected : nearest.forecast();
    Mismatch mismatch = comparison.mismatch(nearest);
    if (mismatch == null) {
      findings.agreed(observation, nearest, known);
    } else {
      findings.differs(observation, nearest, known, mismatch);
    }
    findings.count(
        observation, replay.isExact() ? VerifyCount.COMPARED : VerifyCount.STATE_UNKNOWN);
    if (nearest.published().known().skipped() > 0) {
      findings.count(observation, VerifyCount.PASSED_OVER);
    }
    if (served.awaitedEpoch() > 0) {
      findings.count(observation, VerifyCount.WAITED);
    }
    for (RecordedForecast one : event.found()) {
      if (!one.position().equals(nearest.position())) {
        findings.further(observation, one, comparison.mismatch(one));
      }
    }
  }

  /** The first that holds, or the first of all. */
  private RecordedForecast nearest(ForecastComparison comparison) {
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
