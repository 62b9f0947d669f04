package io.eddy.engine;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.anomaly.Anomaly;
import io.eddy.series.Interval;

/**
 * The begin or the end of the silence of a series.
 *
 * @param interval of its steps
 * @param served version of its state
 */
public record SilenceChange(
    String series, Interval interval, Forecast.Served served, Anomaly anomaly) {}
