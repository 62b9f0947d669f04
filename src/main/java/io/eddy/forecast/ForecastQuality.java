package io.eddy.forecast;

/**
 * Amount of data that a forecast is based on.
 *
 * @param contextSteps W; 0 if it was not recorded
 * @param warmSteps how many of the last W steps were known
 * @param revision 0 for the first forecast from an origin, 1 for the first that replaces it
 * @param isProvisional whether the forecast is based on open steps
 */
public record ForecastQuality(
    int contextSteps, int warmSteps, int revision, boolean isProvisional) {
  /** The quality of a forecast for which none is recorded. */
  public static final ForecastQuality NOT_RECORDED = new ForecastQuality(0, 0, 0, false);
}
