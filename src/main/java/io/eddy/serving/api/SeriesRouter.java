package io.eddy.serving.api;

import io.eddy.kafka.query.Instances.Instance;
import io.eddy.kafka.query.LocalSeries;
import io.eddy.kafka.query.StateUnavailableException;
import io.eddy.serving.http.HttpException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the instance that holds a series, and the series of all instances.
 *
 * <p>Kafka Streams knows which instance has which partition, but not the partition of a series:
 * events may be partitioned in any way. Every instance is asked therefore. A series is unknown only
 * if the instances that answered have all partitions.
 */
final class SeriesRouter {
  private static final int MAX_NAMED = 5;

  private final ForecasterQueries queries;
  private final Peers peers;

  /**
   * The place of a series.
   *
   * @param local null if another instance has the series
   * @param instance null if this instance has it
   */
  record Location(LocalSeries.@Nullable Entry local, @Nullable Instance instance) {}

  SeriesRouter(ForecasterQueries queries, Peers peers) {
    this.queries = queries;
    this.peers = peers;
  }

  /**
   * Finds a series.
   *
   * @param isForwarded whether another instance asks, so that only this one is searched
   * @throws HttpException 404 if it is unknown
   * @throws StateUnavailableException if it cannot be found now
   */
  Location locate(String name, boolean isForwarded) {
    Set<Integer> covered = new TreeSet<>(queries.series().partitions());
    LocalSeries.Entry local = queries.series().find(name);
    if (local != null) {
      return new Location(local, null);
    }
    List<String> silent = new ArrayList<>();
    if (!isForwarded) {
      // A name sorts before all longer names that begin with it.
      String path = "/api/series?limit=1&prefix=" + SeriesPath.encode(name);
      for (Peers.Answer answer : peers.askAll(queries.instances().others(), path)) {
        SeriesListDocument found = list(answer, silent, covered);
        if (found != null
            && !found.series().isEmpty()
            && found.series().get(0).name().equals(name)) {
          return new Location(null, answer.instance());
        }
      }
      String missing = missing(silent, covered);
      if (missing != null) {
        throw new StateUnavailableException(
            "series \"%s\" was not found, but %s".formatted(name, missing));
      }
    }
    throw new HttpException(404, "series \"%s\" is unknown".formatted(name));
  }

  /** Lists series of this instance alone. */
  SeriesListDocument listLocal(String prefix, int limit) {
    return SeriesListDocument.of(queries.series().list(prefix, limit));
  }

  /** Lists series of all instances. */
  SeriesListDocument listAll(String prefix, int limit) {
    List<SeriesListDocument> lists = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    Set<Integer> covered = new TreeSet<>(queries.series().partitions());
    lists.add(listLocal(prefix, limit));
    String path = "/api/series?limit=%d&prefix=%s".formatted(limit, SeriesPath.encode(prefix));
    for (Peers.Answer answer : peers.askAll(queries.instances().others(), path)) {
      SeriesListDocument list = list(answer, silent, covered);
      if (list != null) {
        lists.add(list);
      }
    }
    return SeriesListDocument.merge(lists, limit, missing(silent, covered));
  }

  private @Nullable SeriesListDocument list(
      Peers.Answer answer, List<String> silent, Set<Integer> covered) {
    SeriesListDocument list = Documents.read(answer, SeriesListDocument.class);
    if (list == null) {
      silent.add(
          "instance %s did not answer: %s"
              .formatted(answer.instance().address(), Documents.error(answer)));
    } else {
      covered.addAll(answer.partitions());
    }
    return list;
  }

  /** Returns why series may be missing, or null. */
  private @Nullable String missing(List<String> silent, Set<Integer> covered) {
    if (!silent.isEmpty()) {
      return String.join("; ", silent);
    }
    List<String> partitions = new ArrayList<>();
    for (int partition = 0; partition < queries.sourcePartitions(); partition++) {
      if (!covered.contains(partition)) {
        partitions.add(Integer.toString(partition));
      }
    }
    if (partitions.isEmpty()) {
      return null;
    }
    String named = partitions.stream().limit(MAX_NAMED).collect(Collectors.joining(", "));
    return ("no instance answers for partition %s%s: it is being assigned, or its instance cannot"
            + " be reached at its http.advertised address")
        .formatted(named, partitions.size() > MAX_NAMED ? ", …" : "");
  }
}
