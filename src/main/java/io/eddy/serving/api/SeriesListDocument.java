package io.eddy.serving.api;

import io.eddy.kafka.query.LocalSeries;
import io.eddy.kafka.state.StoredSeries;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Some series, in their order.
 *
 * @param truncated whether more series match
 * @param incomplete why series may be missing; null if none are
 */
record SeriesListDocument(List<Item> series, boolean truncated, @Nullable String incomplete) {
  /**
   * A series.
   *
   * @param lastStepMs start of the last closed step; null before the first one
   * @param lastValue its value; null before the first one
   */
  record Item(
      String name,
      @Nullable Long lastStepMs,
      @Nullable Double lastValue,
      String version,
      int partition) {
    static Item of(LocalSeries.Entry entry) {
      StoredSeries series = entry.series();
      StoredSeries.Step last = series.last();
      return new Item(
          series.name(),
          SeriesDocument.time(series.state().lastStepMs()),
          last == null ? null : Double.valueOf(last.value()),
          series.state().served().version().shortSha(),
          entry.partition());
    }
  }

  static SeriesListDocument of(LocalSeries.Page page) {
    return new SeriesListDocument(
        page.entries().stream().map(Item::of).toList(), page.isTruncated(), null);
  }

  /** Merges the first series of several instances. */
  static SeriesListDocument merge(
      List<SeriesListDocument> lists, int limit, @Nullable String incomplete) {
    Comparator<String> order = LocalSeries.ORDER;
    Map<String, Item> byName = new TreeMap<>(order);
    boolean isTruncated = false;
    for (SeriesListDocument list : lists) {
      list.series().forEach(item -> byName.putIfAbsent(item.name(), item));
      isTruncated |= list.truncated();
    }
    List<Item> items = new ArrayList<>(byName.values());
    return new SeriesListDocument(
        items.subList(0, Math.min(limit, items.size())),
        isTruncated || items.size() > limit,
        incomplete);
  }
}
