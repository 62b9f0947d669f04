/**
 * Resets an application: its committed offsets, changelog topics, keyed events and local state.
 * Changes the partitions of its output topics, and deletes them.
 *
 * <p>All of it is refused while an instance is running. Every step can be repeated, so that an
 * interrupted reset is completed by running it again.
 */
@NullMarked
package io.eddy.kafka.reset;

import org.jspecify.annotations.NullMarked;
