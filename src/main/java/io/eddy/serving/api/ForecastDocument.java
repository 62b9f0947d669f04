package io.eddy.serving.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.MainComponent;
import io.eddy.kafka.state.StoredSeries;
import io.eddy.model.Precision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A forecast.
 *
 * @param classes number of classes; 0 for values
 * @param timesMs start of each step ahead [J]
 * @param mean [J]; empty for classes
 * @param quantiles by level [Q][J]; empty without quantiles
 * @param probabilities by class [K][J]; empty without classes
 * @param mainComponents by group of steps ahead; empty if the net alone forecasts
 */
record ForecastDocument(
    long originMs,
    String version,
    long epoch,
    int revision,
    boolean provisional,
    boolean warm,
    List<Double> quantileLevels,
    int classes,
    List<Long> timesMs,
    List<Number> mean,
    List<List<Number>> quantiles,
    List<List<Number>> probabilities,
    List<MainComponent> mainComponents) {
  /**
   * A forecast that was just committed.
   *
   * @param observed time and value of the step of its origin; null if it is not known
   * @param steps that closed since the origin of the previous event, the oldest first
   */
  record Event(
      @JsonUnwrapped ForecastDocument forecast,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable StepDocument observed,
      List<StepDocument> steps) {
    /**
     * Creates an event.
     *
     * @param steps that closed since the previous event, up to the origin
     */
    static Event of(Forecast forecast, List<StoredSeries.Step> steps) {
      List<StepDocument> documents = steps.stream().map(StepDocument::of).toList();
      return new Event(
          ForecastDocument.of(forecast),
          documents.isEmpty() ? null : documents.get(documents.size() - 1),
          documents);
    }
  }

  static ForecastDocument of(Forecast forecast) {
    Forecast.Origin origin = forecast.origin();
    int horizon = forecast.horizon();
    int classes = forecast.classes();
    List<Long> timesMs = new ArrayList<>(horizon);
    List<Number> mean = new ArrayList<>(horizon);
    for (int step = 1; step <= horizon; step++) {
      timesMs.add(forecast.timestampMs(step));
      if (classes == 0) {
        mean.add(Precision.number(forecast.mean(step)));
      }
    }
    return new ForecastDocument(
        origin.timestampMs(),
        origin.served().version().shortSha(),
        origin.served().epoch(),
        origin.quality().revision(),
        origin.quality().isProvisional(),
        origin.warm(),
        forecast.quantileLevels(),
        classes,
        timesMs,
        mean,
        byIndex(forecast, forecast.quantileLevels().size()),
        byIndex(forecast, classes),
        forecast.mainComponents());
  }

  /** Returns the values by level or class, and then by step. */
  private static List<List<Number>> byIndex(Forecast forecast, int size) {
    List<List<Number>> values = new ArrayList<>(size);
    for (int index = 0; index < size; index++) {
      List<Number> ofIndex = new ArrayList<>(forecast.horizon());
      for (int step = 1; step <= forecast.horizon(); step++) {
        ofIndex.add(Precision.number(forecast.value(step, index)));
      }
      values.add(ofIndex);
    }
    return values;
  }
}
