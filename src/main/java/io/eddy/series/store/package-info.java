/**
 * Typed key-value storage for the persistent parts of one series.
 *
 * <p>A {@link io.eddy.series.store.StoreKey} names a part and gives the type of its value. Each
 * package defines the keys of its own parts; {@link io.eddy.series.store.SeriesStore} keeps the
 * values. Stored values are immutable: neither the writer nor a reader modifies them afterwards.
 * Depends on the JDK only.
 */
@NullMarked
package io.eddy.series.store;

import org.jspecify.annotations.NullMarked;
