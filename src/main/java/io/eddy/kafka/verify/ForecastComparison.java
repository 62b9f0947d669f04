package io.eddy.kafka.verify;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.ForecastQuality;
import io.eddy.kafka.record.PublishedForecast.Knowledge;
import io.eddy.kafka.verify.VerifyDifference.Mismatch;
import io.eddy.series.Observation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares forecasts of the topic with the one that the replay produces. */
final class ForecastComparison {
  private final Observation event;
  private final Forecast expected;
  private final ActivationVisibility.Selection selection;
  private final String model;
  private final boolean isExact;

  /**
   * Creates a comparison.
   *
   * @param event the event that produces the forecast
   * @param selection the version that serves the event, with the epochs that the forecast records
   * @param model the model's name
   * @param isExact whether to compare the fields that depend on the state
   */
  ForecastComparison(
      Observation event,
      Forecast expected,
      ActivationVisibility.Selection selection,
      String model,
      boolean isExact) {
    this.event = event;
    this.expected = expected;
    this.selection = selection;
    this.model = model;
    this.isExact = isExact;
  }

  /** Returns the first mismatch; null if none exists. */
  @Nullable Mismatch mismatch(RecordedForecast found) {
    Forecast forecast = found.forecast();
    Forecast.Origin actual = forecast.origin();
    Forecast.Origin origin = expected.origin();
    Object[][] fields = {
      {"series", origin.series(), actual.series()},
      {"record timestamp", event.timestampMs(), found.timestampMs()},
      {"model", model, found.published().model()},
      {"epoch", origin.served().epoch(), actual.served().epoch()},
      {"version", origin.served().version(), actual.served().version()},
      {"interval", origin.interval(), actual.interval()},
      {"quantileLevels", expected.quantileLevels(), forecast.quantileLevels()},
      {"classes", expected.classes(), forecast.classes()},
      {"number of values", expected.values().length, forecast.values().length},
      {
        "mainComponents",
        isExact ? expected.mainComponents() : List.of(),
        isExact ? forecast.mainComponents() : List.of()
      },
      {"origin", isExact ? origin.timestampMs() : 0, isExact ? actual.timestampMs() : 0},
      {"warm", isExact && origin.warm(), isExact && actual.warm()},
      {"provisional", origin.quality().isProvisional(), actual.quality().isProvisional()},
      {
        "revision",
        isExact ? origin.quality().revision() : 0,
        isExact ? actual.quality().revision() : 0
      },
    };
    for (Object[] field : fields) {
      if (!field[1].equals(field[2])) {
        return Mismatch.of((String) field[0], field[1], field[2]);
      }
    }
    if (isExact && actual.quality().contextSteps() > 0) {
      String expectedSteps = warmSteps(origin.quality());
      String actualSteps = warmSteps(actual.quality());
      if (!expectedSteps.equals(actualSteps)) {
        return Mismatch.of("warmSteps", expectedSteps, actualSteps);
      }
    }
    Knowledge known = found.published().known();
    if (known.epoch() > 0
        && selection.knownEpoch() > 0
        && known.epoch() != selection.knownEpoch()) {
      return Mismatch.of("knownEpoch", selection.knownEpoch(), known.epoch());
    }
    if (known.pendingEpoch() != selection.pendingEpoch()) {
      return Mismatch.of("awaitedEpoch", selection.pendingEpoch(), known.pendingEpoch());
    }
    return isExact ? valueMismatch(forecast.values()) : null;
  }

  private @Nullable Mismatch valueMismatch(double[] found) {
    double[] values = expected.values();
    for (int i = 0; i < values.length; i++) {
      if (Double.doubleToRawLongBits(values[i]) != Double.doubleToRawLongBits(found[i])) {
        int perStep = values.length / expected.horizon();
        return new Mismatch(
            "value", i / perStep + 1, level(i % perStep), bits(values[i]), bits(found[i]));
      }
    }
    return null;
  }

  private @Nullable Double level(int index) {
    List<Double> levels = expected.quantileLevels();
    return levels.isEmpty()
        ? expected.classes() > 0 ? Double.valueOf(index) : null
        : levels.get(index);
  }

  private static String bits(double value) {
    return "0x%016x (%s)".formatted(Double.doubleToRawLongBits(value), value);
  }

  private static String warmSteps(ForecastQuality quality) {
    return quality.warmSteps() + " of " + quality.contextSteps();
  }

  /** Returns whether a forecast has the expected origin and is as provisional as expected. */
  static boolean isOfStep(RecordedForecast found, Forecast expected) {
    return hasOrigin(found, expected)
        && found.forecast().origin().quality().isProvisional()
            == expected.origin().quality().isProvisional();
  }

  /** Returns whether a forecast has the expected origin. */
  static boolean hasOrigin(RecordedForecast found, Forecast expected) {
    return found.forecast().origin().timestampMs() == expected.origin().timestampMs()
        && found.forecast().origin().interval().equals(expected.origin().interval());
  }
}
