/**
 * The effect of one event on one series, without Kafka: admission, selection of the version,
 * migration, step, forecast, score, late revisions and shadows.
 *
 * <p>{@link io.eddy.engine.SeriesEngine} computes the effect of one observation under a given
 * version and returns it as an uncommitted {@link io.eddy.engine.SeriesUpdate}. {@link
 * io.eddy.engine.PartitionEngine} applies the events of a partition with it. Storage is a {@link
 * io.eddy.series.store.SeriesStore} per series and a {@link io.eddy.engine.PartitionStore} per
 * partition. Depends on {@code rollout}, {@code admission}, {@code forecast}, {@code model} and
 * {@code series}.
 */
@NullMarked
package io.eddy.engine;

import org.jspecify.annotations.NullMarked;
