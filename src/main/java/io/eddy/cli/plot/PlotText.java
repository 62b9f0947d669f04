package io.eddy.cli.plot;

import io.eddy.model.Model;
import io.eddy.training.EvaluationSeason;
import java.time.Duration;

/**
 * Texts of a forecast plot that the forecast itself does not contain.
 *
 * @param model name of the model and its version, for the subtitle
 * @param value name of the forecast quantity, for the axis of values
 * @param seasonSteps season of the seasonal naive forecast in steps; 0 for the naive forecast
 */
public record PlotText(String model, String value, int seasonSteps) {
  /** Returns the texts of a plot of a model file's forecasts of values in a CSV file. */
  public static PlotText of(Model model) {
    return new PlotText(
        "model version " + model.version().shortSha(),
        "value",
        EvaluationSeason.of(model.specification()));
  }

  /** Returns these texts with other names of the model and the value. */
  public PlotText with(String model, String value) {
    return new PlotText(model, value, seasonSteps);
  }

  /** Formats a duration by its largest unit without a remainder, for example {@code 15 min}. */
  static String duration(Duration duration) {
    long ms = duration.toMillis();
    if (ms % 86_400_000 == 0) {
      return plural(ms / 86_400_000, "day");
    }
    if (ms % 3_600_000 == 0) {
      return plural(ms / 3_600_000, "hour");
    }
    if (ms % 60_000 == 0) {
      return ms / 60_000 + " min";
    }
    return ms % 1000 == 0 ? ms / 1000 + " s" : ms + " ms";
  }

  private static String plural(long count, String unit) {
    return count == 1 ? count + " " + unit : count + " " + unit + "s";
  }
}
