/**
 * Rebuilding of an application's state from the events. {@link StateRebuild} replays them as the
 * verification does, and writes the resulting states to new changelog topics.
 */
@NullMarked
package io.eddy.kafka.rebuild;

import org.jspecify.annotations.NullMarked;
