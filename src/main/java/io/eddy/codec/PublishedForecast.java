package io.eddy.codec;

import io.eddy.forecast.Forecast;

/**
 * A forecast as it stands on the topic.
 *
 * @param model name of the model
 * @param source the event that gave it
 */
public record PublishedForecast(Forecast forecast, String model, SourcePosition source) {}
