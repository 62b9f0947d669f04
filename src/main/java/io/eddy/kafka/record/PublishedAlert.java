package io.eddy.kafka.record;

import io.eddy.forecast.alert.Alert;

/**
 * A change of an alert as published to the alerts topic.
 *
 * @param model name of the model
 * @param source position of the event that produced the forecast
 */
public record PublishedAlert(Alert alert, String model, SourcePosition source) {}
