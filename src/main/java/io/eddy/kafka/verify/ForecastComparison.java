package io.eddy.kafka.verify;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.record.PublishedForecast.Knowledge;
import io.eddy.kafka.verify.VerifyDifference.Mismatch;
import io.eddy.series.Observation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds a forecast of the topic against the one that the replay gives. */
final class ForecastComparison {
  private final Observation event;
  private final Forecast expected;
  private final ActivationVisibility.Served served;
  private final String model;
  private final boolean isExact;

  /**
   * A comparison.
   *
   * @param event that gives the forecast
   * @param served what its forecaster had to know, and to wait for
   * @param model its name
   * @param isExact whether values are compared: else only what does not depend on the state
   */
  ForecastComparison(
      Observation event,
      Forecast expected,
      ActivationVisibility.Served served,
      String model,
      boolean isExact) {
    this.event = event;
    this.expected = expected;
    this.served = served;
    this.model = model;
    this.isExact = isExact;
  }

  /** The first thing that differs, or null where nothing does. */
  @Nullable Mismatch mismatch(RecordedForecast found) {
    Forecast forecast = found.forecast();
    Forecast.Origin there = forecast.origin();
    Forecast.Origin here = expected.origin();
    Object[][] fields = {
      {"series", here.series(), there.series()},
      {"record's time", event.timestampMs(), found.timestampMs()},
      {"model", model, found.published().model()},
      {"epoch", here.served().epoch(), there.served().epoch()},
      {"version", here.served().version(), there.served().version()},
      {"intervalMs", here.intervalMs(), there.intervalMs()},
      {"quantileLevels", expected.quantileLevels(), forecast.quantileLevels()},
      {"classes", expected.classes(), forecast.classes()},
      {"number of values", expected.values().length, forecast.values().length},
      {"origin", isExact ? here.timestampMs() : 0, isExact ? there.timestampMs() : 0},
      {"warm", isExact && here.warm(), isExact && there.warm()},
      {"provisional", here.standing().isProvisional(), there.standing().isProvisional()},
      {
        "revision",
        isExact ? here.standing().revision() : 0,
        isExact ? there.standing().revision() : 0
      },
    };
    for (Object[] field : fields) {
      if (!field[1].equals(field[2])) {
        return Mismatch.of((String) field[0], field[1], field[2]);
      }
    }
    if (isExact && there.standing().contextSteps() > 0) {
      String mine = steps(here.standing());
      String its = steps(there.standing());
      if (!mine.equals(its)) {
        return Mismatch.of("warmSteps", mine, its);
      }
    }
    Knowledge known = found.published().known();
    if (known.epoch() > 0 && served.knownEpoch() > 0 && known.epoch() != served.knownEpoch()) {
      return Mismatch.of("knownEpoch", served.knownEpoch(), known.epoch());
    }
    if (known.pendingEpoch() != served.awaitedEpoch()) {
      return Mismatch.of("awaitedEpoch", served.awaitedEpoch(), known.pendingEpoch());
    }
    return isExact ? valueMismatch(forecast.values()) : null;
  }

  private @Nullable Mismatch valueMismatch(float[] found) {
    float[] values = expected.values();
    for (int i = 0; i < values.length; i++) {
      if (Float.floatToRawIntBits(values[i]) != Float.floatToRawIntBits(found[i])) {
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

  private static String bits(float value) {
    return "0x%08x (%s)".formatted(Float.floatToRawIntBits(value), value);
  }

  private static String steps(Forecast.Standing standing) {
    return standing.warmSteps() + " of " + standing.contextSteps();
  }

  /** Whether a forecast is the one of that step, and as provisional as expected. */
  static boolean isOfStep(RecordedForecast found, Forecast expected) {
    return isOfOrigin(found, expected)
        && found.forecast().origin().standing().isProvisional()
            == expected.origin().standing().isProvisional();
  }

  /** Whether a forecast was made after the step that the replay makes it after. */
  static boolean isOfOrigin(RecordedForecast found, Forecast expected) {
    return found.forecast().origin().timestampMs() == expected.origin().timestampMs()
        && found.forecast().origin().intervalMs() == expected.origin().intervalMs();
  }
}
