package io.eddy.engine;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the versions whose forecasts of one event are not finite. If another version's forecast
 * is finite, their epochs stay withheld in this partition.
 */
final class NonFiniteFallback {
  private static final Logger log = LoggerFactory.getLogger(NonFiniteFallback.class);

  private final VersionSelector versions;
  private final List<Forecast.Origin> origins = new ArrayList<>(0);
  private final List<Long> withheld = new ArrayList<>(0);

  NonFiniteFallback(VersionSelector versions) {
    this.versions = versions;
  }

  /** Adds the origin of a non-finite forecast and withholds its epoch. */
  void add(Forecast.Origin origin) {
    origins.add(origin);
    long epoch = origin.served().epoch();
    if (versions.withhold(epoch)) {
      withheld.add(epoch);
    }
  }

  boolean contains(long epoch) {
    return origins.stream().anyMatch(origin -> origin.served().epoch() == epoch);
  }

  int size() {
    return origins.size();
  }

  /** Releases the withheld epochs: no version gives a finite forecast of the event. */
  void release() {
    withheld.forEach(versions::release);
  }

  void logWithheld() {
    log.error(
        "series {}: the forecast of {} is not finite; the version is withheld, another one serves",
        origins.get(0).series(),
        describe());
  }

  /** Returns a description like "version 0123 of epoch 4". */
  String describe() {
    return origins.stream()
        .map(Forecast.Origin::served)
        .map(served -> "version " + served.version().shortSha() + " of epoch " + served.epoch())
        .collect(Collectors.joining(", "));
  }

  /** Returns the empty scores to publish for these versions. */
  List<RoleScore> scores(ModelVersion fallback) {
    if (origins.isEmpty()) {
      return List.of();
    }
    String failure =
        "its forecast was not finite, version %s made it instead".formatted(fallback.shortSha());
    return origins.stream()
        .map(origin -> new RoleScore(Score.none(origin), Role.SERVE, failure))
        .toList();
  }
}
