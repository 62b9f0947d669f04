package io.eddy.engine;

import io.eddy.series.store.StoreKey;
import org.jspecify.annotations.Nullable;

/**
 * The former value of an overwritten part.
 *
 * @param previous the part overwritten before this one since the same base; null for none
 * @param value of the overwritten part; null if there was none
 */
public record UndoEntry(@Nullable StoreKey<?> previous, @Nullable Object value) {}
