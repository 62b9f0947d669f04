/**
 * Observations of sensors and the steps they are aggregated into: sampling, gaps, scaling, calendar
 * covariates and future covariates.
 *
 * <p>Times are epoch milliseconds in UTC. A <em>step</em> is the index of one sampling interval
 * since the epoch. Depends on the JDK only.
 */
@NullMarked
package io.eddy.series;

import org.jspecify.annotations.NullMarked;
