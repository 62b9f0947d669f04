/**
 * Detection of anomalies in a series, one step at a time.
 *
 * <p>A <em>statistic</em> measures one aspect of a step, such as its distance from the values seen
 * at the same time of day. Its <em>ratio</em> compares it with the largest value that it had
 * recently. The <em>strength</em> of a step combines the ratios, and its <em>score</em> maps the
 * strength to [0, 1]. An <em>episode</em> begins when the strength exceeds a threshold, which is
 * calibrated for each series. All of it costs the same for every step and needs no training.
 * Depends on {@code model} for its deterministic logarithm.
 */
@NullMarked
package io.eddy.forecast.anomaly;

import org.jspecify.annotations.NullMarked;
