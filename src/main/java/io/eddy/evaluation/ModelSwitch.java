package io.eddy.evaluation;

import io.eddy.model.Model;

/**
 * A version that serves from an event time on, as an activation in the stream says.
 *
 * @param fromMs epoch milliseconds
 * @param model the version
 */
public record ModelSwitch(long fromMs, Model model) {}
