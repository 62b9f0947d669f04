package io.eddy.kafka.record;

import io.eddy.forecast.Forecast;

/**
 * A forecast as published to the forecasts topic.
 *
 * @param model name of the model
 * @param source position of the event that produced it
 * @param known state of the activations when its version was chosen
 */
public record PublishedForecast(
    Forecast forecast, String model, SourcePosition source, Knowledge known) {

  /**
   * The activations that an instance knew when it chose a version. Activations reach every instance
   * independently, so {@code verify} needs this to check the choice.
   *
   * @param epoch highest known epoch; 0 if not recorded
   * @param skipped number of activations that took precedence but were skipped, because their
   *     version was not available
   * @param pendingEpoch epoch of the activation that the series will migrate to later, because of
   *     the migration throttle; 0 for none
   */
  public record Knowledge(long epoch, int skipped, long pendingEpoch) {
    public static final Knowledge NOT_RECORDED = new Knowledge(0, 0);

    /** Creates the knowledge for a series without a pending migration. */
    public Knowledge(long epoch, int skipped) {
      this(epoch, skipped, 0);
    }
  }

  /** Creates a forecast for which the known activations are not recorded. */
  public PublishedForecast(Forecast forecast, String model, SourcePosition source) {
    this(forecast, model, source, Knowledge.NOT_RECORDED);
  }
}
