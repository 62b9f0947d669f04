package io.eddy.kafka.record;

import io.eddy.forecast.Forecast;

/**
 * A forecast as it stands on the topic.
 *
 * @param model name of the model
 * @param source the event that gave it
 * @param known what its version was chosen from
 */
public record PublishedForecast(
    Forecast forecast, String model, SourcePosition source, Knowledge known) {

  /**
   * What a forecaster knew of the activations. They reach it over a topic of their own, each
   * instance for itself, so that without this it could not be told which had to serve.
   *
   * @param epoch the highest one; 0 where it was not recorded
   * @param skipped how many came before the one that was to serve, and were passed over since their
   *     version was not to be had
   * @param pendingEpoch the one that was to serve at once and that the series moves to later,
   *     having kept its version so far; 0 where it does not wait
   */
  public record Knowledge(long epoch, int skipped, long pendingEpoch) {
    public static final Knowledge NOT_RECORDED = new Knowledge(0, 0);

    /** Of a series that does not wait. */
    public Knowledge(long epoch, int skipped) {
      this(epoch, skipped, 0);
    }
  }

  /** One of which it is not recorded what was known. */
  public PublishedForecast(Forecast forecast, String model, SourcePosition source) {
    this(forecast, model, source, Knowledge.NOT_RECORDED);
  }
}
