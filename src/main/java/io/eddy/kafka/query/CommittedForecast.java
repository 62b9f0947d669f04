package io.eddy.kafka.query;

import io.eddy.kafka.record.PublishedForecast;

/**
 * A committed forecast and its offset on the forecasts topic.
 *
 * @param offset in the partition of the series
 */
public record CommittedForecast(PublishedForecast published, long offset) {}
