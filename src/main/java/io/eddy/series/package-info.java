/**
 * Time series on a regular grid: observations, sampling, gap filling, windows, scaling, and
 * calendar, past and future covariates.
 *
 * <p>Vocabulary: an <em>observation</em> is one measurement of a series; a <em>step</em> is one
 * interval, identified by its number since the epoch; a <em>gap</em> is a run of steps without
 * observations; a <em>window</em> holds the latest steps of a series. Times are epoch milliseconds
 * in UTC.
 *
 * <p>May use: {@code series.store}, {@code series.time} and the JDK.
 */
@NullMarked
package io.eddy.series;

import org.jspecify.annotations.NullMarked;
