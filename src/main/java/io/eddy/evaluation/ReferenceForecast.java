package io.eddy.evaluation;

/**
 * A simple forecast that a model is held against.
 *
 * @param name for people
 * @param rule how it is made
 */
public record ReferenceForecast(String name, Rule rule) {
  /** Makes forecasts. */
  public interface Rule {
    /**
     * Forecasts from one origin.
     *
     * @param x the series without gaps; not modified, and not looked at behind the origin
     * @param t the origin
     * @param ahead [J], one value for each step ahead; modified
     */
    void forecast(double[] x, int t, double[] ahead);
  }

  /** The last value: x̂_{t+j} = x_t. */
  public static ReferenceForecast naive() {
    return new ReferenceForecast("naive", (x, t, ahead) -> java.util.Arrays.fill(ahead, x[t]));
  }

  /**
   * The value one season before, x̂_{t+j} = x_{t+j−m⌈j/m⌉}; the last value where the series began
   * later than that.
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
