/**
 * The log of a forecaster's activity: activations, migrations, partitions, restored state, lost
 * connections, dead letters and a periodic summary.
 *
 * <p>A thread of its own takes snapshots every few seconds, and the logs compare each with the one
 * before. Stream threads only increment counters.
 */
@NullMarked
package io.eddy.kafka.activity;

import org.jspecify.annotations.NullMarked;
