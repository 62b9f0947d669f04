package io.eddy.engine;

import io.eddy.admission.RejectionKind;
import io.eddy.forecast.alert.Alert;
import io.eddy.forecast.step.StepResult;
import java.util.List;

/** The outcome of an event for one series. */
public sealed interface EventOutcome {
  /**
   * The event was rejected; the series' state did not change.
   *
   * @param reason does not quote the event
   */
  record Rejected(RejectionKind kind, String reason) implements EventOutcome {}

  /**
   * The event was applied.
   *
   * @param result forecasts, and scores of the serving version
   * @param selection the version that served it
   * @param asOfMs the latest time of the series, this event included
   * @param scores of versions that failed and of shadows
   * @param alerts that fired or cleared
   * @param nonFinite versions whose forecasts were not finite
   * @param silences that begin or end
   */
  record Applied(
      StepResult result,
      Selection selection,
      long asOfMs,
      List<RoleScore> scores,
      List<Alert> alerts,
      int nonFinite,
      List<SilenceChange> silences)
      implements EventOutcome {}
}
