package io.eddy.forecast.step;

import io.eddy.model.SeriesPast;

/**
 * The state of a series in one member of a model.
 *
 * @param past the window, which all members share, with this member's level and scale
 * @param hidden the state of its layers
 */
public record MemberState(SeriesPast past, HiddenState hidden) {}
