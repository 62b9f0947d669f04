package io.eddy.serving.metrics;

import io.eddy.kafka.Forecaster;
import io.eddy.model.BuildVersion;
import io.eddy.serving.http.HttpListener;
import io.eddy.serving.http.Response;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.logging.Log4j2Metrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/** The metrics of a process: its own, and those of a forecaster once there is one. */
public final class ProcessMetrics implements AutoCloseable {
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final List<String> STATES =
      Stream.concat(
              Stream.of("starting", "waiting", "stopping"),
              Stream.of(KafkaStreams.State.values())
                  .map(state -> state.name().toLowerCase(Locale.ROOT)))
          .toList();

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
  private final Log4j2Metrics logEvents = new Log4j2Metrics();
  private final Supplier<ProcessHealth> health;
  private final HttpListener listener;
  private volatile @Nullable ForecasterCollector forecaster;
  private @Nullable KafkaStreamsMetrics streams;

  public ProcessMetrics(Supplier<ProcessHealth> health, HttpListener listener) {
    this.health = health;
    this.listener = listener;
    for (MeterBinder binder :
        List.of(
            new ClassLoaderMetrics(),
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            garbageCollection,
            new ProcessorMetrics(),
            new UptimeMetrics(),
            new FileDescriptorMetrics(),
            logEvents)) {
      binder.bindTo(registry);
    }
    registry.getPrometheusRegistry().register((MultiCollector) this::collect);
  }

  /** Adds the metrics of a forecaster that is about to start, in place of the last one's. */
  public void bind(Forecaster started) {
    if (streams != null) {
      streams.close();
    }
    streams = new KafkaStreamsMetrics(started.streams());
    streams.bindTo(registry);
    forecaster = new ForecasterCollector(started);
  }

  /** Returns the present values. */
  public Response scrape() {
    return Response.text(200, CONTENT_TYPE, registry.scrape())
        .withHeader("Cache-Control", "no-store");
  }

  private MetricSnapshots collect() {
    MetricFamilies families = new MetricFamilies();
    families.add(
        EddyMetric.BUILD,
        1,
        BuildVersion.number(),
        AppInfoParser.getVersion(),
        System.getProperty("java.version"));
    ProcessHealth now = health.get();
    STATES.forEach(
        state -> families.add(EddyMetric.STATE, state.equals(now.state()) ? 1 : 0, state));
    families.add(EddyMetric.LIVE, now.isLive() ? 1 : 0);
    families.add(EddyMetric.STARTED, now.isStarted() ? 1 : 0);
    families.add(EddyMetric.READY, now.isReady() ? 1 : 0);
    families.add(EddyMetric.STREAMS, listener.openStreams());
    ForecasterCollector bound = forecaster;
    if (bound != null) {
      bound.collect(families);
    }
    return families.snapshots();
  }

  @Override
  public void close() {
    if (streams != null) {
      streams.close();
    }
    garbageCollection.close();
    logEvents.close();
    registry.close();
  }
}
