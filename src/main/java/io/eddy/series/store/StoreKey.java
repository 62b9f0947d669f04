package io.eddy.series.store;

/**
 * The key of one stored part of a series. Implementations are records or enums, so that equal keys
 * name the same part.
 *
 * @param <V> type of the value
 */
public interface StoreKey<V> {
  Class<V> valueType();
}
