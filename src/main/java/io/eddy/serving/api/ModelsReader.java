package io.eddy.serving.api;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.query.Instances.Instance;
import io.eddy.kafka.record.InstanceStatus.SeriesCount;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the versions that this instance knows and merges those of the others. */
final class ModelsReader {
  private static final String PATH = "/api/models";

  private final ForecasterQueries queries;
  private final Peers peers;

  /** The numbers of series of one version and epoch. */
  private static final class Count {
    long series;
    long pending;
  }

  ModelsReader(ForecasterQueries queries, Peers peers) {
    this.queries = queries;
    this.peers = peers;
  }

  ModelsDocument all() {
    List<ModelsDocument> answers = new ArrayList<>();
    answers.add(local());
    List<Instance> others = queries.instances().others();
    for (Peers.Answer answer : peers.askAll(others, PATH)) {
      ModelsDocument other = Documents.read(answer, ModelsDocument.class);
      if (other != null) {
        answers.add(other);
      }
    }
    return ModelsDocument.merge(answers);
  }

  ModelsDocument local() {
    Activations activations = queries.activations();
    Map<Forecast.Served, Count> counts = counts();
    Map<ModelVersion, String> rejected = queries.forecaster().catalog().contents().rejected();
    List<ModelsDocument.Version> versions = new ArrayList<>();
    Set<Forecast.Served> listed = new LinkedHashSet<>();
    for (Role role : Role.values()) {
      for (Activation head : activations.heads(role)) {
        Forecast.Served served = new Forecast.Served(head.version(), head.epoch());
        listed.add(served);
        versions.add(
            version(head, role == Role.SERVE ? "serves" : "shadow", counts.get(served), rejected));
      }
    }
    counts.forEach(
        (served, count) -> {
          if (!listed.contains(served)) {
            versions.add(earlier(activations, served, count, rejected));
          }
        });
    return new ModelsDocument(queries.forecaster().id().model(), versions);
  }

  /** Returns the numbers of series, the highest epoch first. */
  private Map<Forecast.Served, Count> counts() {
    Map<Forecast.Served, Count> counts =
        new TreeMap<>(
            Comparator.comparingLong(Forecast.Served::epoch)
                .reversed()
                .thenComparing(Forecast.Served::version));
    for (SeriesCount servedCount : StatusReader.servedCounts(queries)) {
      Count count = counts.computeIfAbsent(servedCount.served(), key -> new Count());
      count.series += servedCount.series();
      count.pending += servedCount.waiting();
    }
    return counts;
  }

  /** Describes an earlier activation of a scope, which some states belong to. */
  private ModelsDocument.Version earlier(
      Activations activations,
      Forecast.Served served,
      Count count,
      Map<ModelVersion, String> rejected) {
    Activation activation = activations.byEpoch(served.epoch());
    if (activation == null) {
      return new ModelsDocument.Version(
          served.version().shortSha(),
          "replaced",
          served.epoch(),
          null,
          null,
          null,
          count.series,
          count.pending,
          rejected.get(served.version()),
          accuracy(served.version(), Role.SERVE));
    }
    return version(
        activation, isReplaced(activations, activation) ? "replaced" : "serves", count, rejected);
  }

  /** Returns whether a later activation of the scope applies at all times. */
  private static boolean isReplaced(Activations activations, Activation activation) {
    return activations.descending(activation.terms().scope(), Role.SERVE).stream()
        .anyMatch(other -> other.epoch() > activation.epoch() && other.effectiveFromMs() == null);
  }

  private ModelsDocument.Version version(
      Activation activation,
      String role,
      @Nullable Count count,
      Map<ModelVersion, String> rejected) {
    return new ModelsDocument.Version(
        activation.version().shortSha(),
        role,
        activation.epoch(),
        activation.terms().scope().toString(),
        activation.effectiveFromMs(),
        activation.reason(),
        count == null ? 0 : count.series,
        count == null ? 0 : count.pending,
        rejected.get(activation.version()),
        accuracy(activation.version(), activation.terms().role()));
  }

  private @Nullable AccuracyDocument accuracy(ModelVersion version, Role role) {
    return queries.forecaster().counters().scores().entries().stream()
        .filter(entry -> entry.version().equals(version) && entry.role() == role)
        .findFirst()
        .map(entry -> AccuracyDocument.of(entry.totals()))
        .orElse(null);
  }
}
