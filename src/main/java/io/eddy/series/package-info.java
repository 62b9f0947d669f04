/**
 * Sensor observations and the steps they are gathered into: sampling, gaps, scaling, calendar
 * covariates, and what is known of the steps ahead.
 *
 * <p>Times are epoch milliseconds, UTC. A <em>step</em> is the index of one sampling interval since
 * the epoch. Depends on the JDK alone.
 */
@NullMarked
package io.eddy.series;

import org.jspecify.annotations.NullMarked;
