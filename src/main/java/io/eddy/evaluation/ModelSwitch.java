package io.eddy.evaluation;

import io.eddy.model.Model;

/**
 * A switch to a version at an event time, as an activation makes it in the stream.
 *
 * @param fromMs event time from which the version serves, epoch milliseconds
 * @param model the version
 */
public record ModelSwitch(long fromMs, Model model) {}
