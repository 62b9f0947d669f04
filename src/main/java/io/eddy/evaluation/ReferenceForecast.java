package io.eddy.evaluation;

/**
 * A simple forecast that a model is compared with.
 *
 * @param name shown in reports
 * @param rule computes the forecast
 */
public record ReferenceForecast(String name, Rule rule) {
  /** Computes forecasts. */
  public interface Rule {
    /**
     * Forecasts from one origin.
     *
     * @param x [T] the series without gaps; not modified, not read after the origin
     * @param t index of the origin
     * @param ahead [J] the forecast of each step ahead; modified
     */
    void forecast(double[] x, int t, double[] ahead);
  }

  /** Returns the naive forecast, the last value: x̂_{t+j} = x_t. */
  public static ReferenceForecast naive() {
    return new ReferenceForecast("naive", (x, t, ahead) -> java.util.Arrays.fill(ahead, x[t]));
  }

  /**
   * Returns the seasonal naive forecast, x̂_{t+j} = x_{t+j−m⌈j/m⌉}, or the last value if the series
   * started later than that.
   *
   * @param season m, in steps, at least 1
   */
  public static ReferenceForecast seasonalNaive(int season) {
    return new ReferenceForecast(
        "seasonal naive",
        (x, t, ahead) -> {
          for (int j = 1; j <= ahead.length; j++) {
            int before = RollingForecasts.seasonBefore(t, j, season);
            ahead[j - 1] = before < 0 ? x[t] : x[before];
          }
        });
  }
}
