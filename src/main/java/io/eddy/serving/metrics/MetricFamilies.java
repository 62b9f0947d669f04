package io.eddy.serving.metrics;

import io.eddy.kafka.stream.Histogram;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects the values of one scrape by metric. */
final class MetricFamilies {
  private record Value(Labels labels, double value) {}

  private final Map<EddyMetric, List<Value>> values = new EnumMap<>(EddyMetric.class);
  private final Map<EddyMetric, Histogram> histograms = new EnumMap<>(EddyMetric.class);

  /**
   * Adds a value.
   *
   * @param labels values of the metric's labels, in their order
   */
  void add(EddyMetric metric, double value, String... labels) {
    if (labels.length != metric.labels().size()) {
      throw new IllegalArgumentException(
          "%s: expected %s, got %d labels"
              .formatted(metric.baseName(), metric.labels(), labels.length));
    }
    values
        .computeIfAbsent(metric, key -> new ArrayList<>())
        .add(new Value(Labels.of(metric.labels().toArray(String[]::new), labels), value));
  }

  void add(EddyMetric metric, long value, String... labels) {
    add(metric, (double) value, labels);
  }

  void add(EddyMetric metric, Histogram histogram) {
    histograms.put(metric, histogram);
  }

  MetricSnapshots snapshots() {
    List<MetricSnapshot> snapshots = new ArrayList<>();
    values.forEach((metric, points) -> snapshots.add(snapshot(metric, points)));
    histograms.forEach((metric, histogram) -> snapshots.add(histogram(metric, histogram)));
    return new MetricSnapshots(snapshots);
  }

  private static MetricSnapshot snapshot(EddyMetric metric, List<Value> points) {
    return switch (metric.type()) {
      case COUNTER -> counter(metric, points);
      case GAUGE -> gauge(metric, points);
      case INFO -> info(metric, points);
      case HISTOGRAM -> throw new IllegalArgumentException(metric.baseName());
    };
  }

  private static MetricSnapshot counter(EddyMetric metric, List<Value> points) {
    CounterSnapshot.Builder builder =
        CounterSnapshot.builder().name(metric.baseName()).help(metric.help());
    points.forEach(
        point ->
            builder.dataPoint(
                CounterDataPointSnapshot.builder()
                    .labels(point.labels())
                    .value(point.value())
                    .build()));
    return builder.build();
  }

  private static MetricSnapshot gauge(EddyMetric metric, List<Value> points) {
    GaugeSnapshot.Builder builder =
        GaugeSnapshot.builder().name(metric.baseName()).help(metric.help());
    points.forEach(
        point ->
            builder.dataPoint(
                GaugeDataPointSnapshot.builder()
                    .labels(point.labels())
                    .value(point.value())
                    .build()));
    return builder.build();
  }

  private static MetricSnapshot info(EddyMetric metric, List<Value> points) {
    InfoSnapshot.Builder builder =
        InfoSnapshot.builder().name(metric.baseName()).help(metric.help());
    points.forEach(
        point -> builder.dataPoint(InfoDataPointSnapshot.builder().labels(point.labels()).build()));
    return builder.build();
  }

  private static MetricSnapshot histogram(EddyMetric metric, Histogram histogram) {
    Histogram.Snapshot snapshot = histogram.snapshot();
    return HistogramSnapshot.builder()
        .name(metric.baseName())
        .help(metric.help())
        .dataPoint(
            HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(
                    ClassicHistogramBuckets.of(snapshot.boundsSeconds(), snapshot.counts()))
                .sum(snapshot.sumSeconds())
                .build())
        .build();
  }
}
