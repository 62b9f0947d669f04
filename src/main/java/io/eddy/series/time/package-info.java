/**
 * Reading and writing of times: the forms in which events and CSV files give a point in time,
 * detection of the form, and local times in a time zone.
 *
 * <p>A time is <em>local</em> if it has no zone or offset of its own. CSV files and topics are read
 * by the same {@link io.eddy.series.time.TimestampReader}.
 *
 * <p>Depends on nothing but the JDK.
 */
@NullMarked
package io.eddy.series.time;

import org.jspecify.annotations.NullMarked;
