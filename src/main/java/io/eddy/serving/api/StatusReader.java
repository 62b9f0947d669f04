package io.eddy.serving.api;

import io.eddy.admission.RejectionKind;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.query.Instances.Instance;
import io.eddy.kafka.record.InstanceStatus.SeriesCount;
import io.eddy.kafka.stream.StreamCounters;
import io.eddy.model.BuildVersion;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the status of this instance and merges that of the others. */
final class StatusReader {
  private static final String PATH = "/api/status";

  private final ForecasterQueries queries;
  private final Peers peers;
  private final long startedNs;

  /**
   * Creates a reader.
   *
   * @param startedNs when the process started, by {@link System#nanoTime}
   */
  StatusReader(ForecasterQueries queries, Peers peers, long startedNs) {
    this.queries = queries;
    this.peers = peers;
    this.startedNs = startedNs;
  }

  StatusDocument all() {
    StatusDocument local = local();
    List<StatusDocument> others = new ArrayList<>();
    List<StatusDocument.Instance> known = new ArrayList<>(local.instances());
    for (Peers.Answer answer : peers.askAll(queries.instances().others(), PATH)) {
      StatusDocument other = Documents.read(answer, StatusDocument.class);
      if (other != null) {
        others.add(other);
      }
      known.add(instance(answer.instance(), other == null ? Documents.error(answer) : null));
    }
    known.sort(Comparator.comparing(StatusDocument.Instance::host));
    return local.merge(others, known);
  }

  private StatusDocument.Instance instance(Instance instance, @Nullable String error) {
    return new StatusDocument.Instance(instance.address(), peers.url(instance), error);
  }

  StatusDocument local() {
    Forecaster forecaster = queries.forecaster();
    ModelSpecification specification = specification(forecaster);
    return new StatusDocument(
        forecaster.id().application(),
        forecaster.id().model(),
        forecaster.id().instance(),
        forecaster.state().name(),
        BuildVersion.number(),
        forecaster.streams().metadataForLocalThreads().stream()
            .map(
                thread ->
                    new StatusDocument.StreamThread(thread.threadName(), thread.threadState()))
            .sorted(Comparator.comparing(StatusDocument.StreamThread::name))
            .toList(),
        StatusDocument.Topics.of(forecaster.settings().topics()),
        (System.nanoTime() - startedNs) / 1_000_000,
        counts(forecaster),
        series(),
        List.of(instance(queries.instances().self(), null)),
        specification == null ? null : specification.output().horizon(),
        specification == null ? null : specification.sampling().interval().toString(),
        specification == null
            ? null
            : Long.valueOf(specification.sampling().interval().meanLength().toMillis()),
        specification == null ? List.of() : specification.output().quantileLevels());
  }

  /** Returns the specification of the version that serves all series, if it is loaded. */
  private @Nullable ModelSpecification specification(Forecaster forecaster) {
    Activation serving =
        queries
            .activations()
            .findForAll(
                Role.SERVE,
                Long.MAX_VALUE,
                activation -> forecaster.catalog().loaded(activation.version()) != null);
    Model model = serving == null ? null : forecaster.catalog().loaded(serving.version());
    return model == null ? null : model.specification();
  }

  private static StatusDocument.Counts counts(Forecaster forecaster) {
    StreamCounters counters = forecaster.counters();
    Map<String, Long> deadLetters = new TreeMap<>();
    for (RejectionKind kind : RejectionKind.values()) {
      if (counters.deadLetters(kind) > 0) {
        deadLetters.put(kind.id(), counters.deadLetters(kind));
      }
    }
    Map<String, Long> dropped = new TreeMap<>();
    for (StepResult.Reason reason : StepResult.Reason.values()) {
      if (counters.dropped(reason) > 0) {
        dropped.put(reason.name().toLowerCase(Locale.ROOT), counters.dropped(reason));
      }
    }
    return new StatusDocument.Counts(
        counters.events(), counters.forecasts(), deadLetters, dropped, counters.late());
  }

  private StatusDocument.Series series() {
    long active = 0;
    long pending = 0;
    for (SeriesCount count : servedCounts(queries)) {
      active += count.series();
      pending += count.waiting();
    }
    return new StatusDocument.Series(active, pending);
  }

  /** Returns the counts of the partitions that this instance still serves. */
  static List<SeriesCount> servedCounts(ForecasterQueries queries) {
    SortedSet<Integer> served = queries.series().partitions();
    return queries.forecaster().seriesCounts().stream()
        .filter(count -> served.contains(count.partition()))
        .toList();
  }
}
