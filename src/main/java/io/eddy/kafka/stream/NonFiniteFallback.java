package io.eddy.kafka.stream;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.kafka.record.PublishedScore;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions whose forecast of an event is not finite. Where another's is, they are to blame: in
 * this task nothing serves under their epochs any more while anything else can.
 */
final class NonFiniteFallback {
  private static final Logger log = LoggerFactory.getLogger(NonFiniteFallback.class);

  private final ServingModels models;
  private final List<Forecast.Origin> origins = new ArrayList<>();
  private final List<Long> withheld = new ArrayList<>();

  NonFiniteFallback(ServingModels models) {
    this.models = models;
  }

  /** Adds where such a forecast began. */
  void add(Forecast.Origin origin) {
    origins.add(origin);
    long epoch = origin.served().epoch();
    if (models.withhold(epoch)) {
      withheld.add(epoch);
    }
  }

  boolean contains(long epoch) {
    return origins.stream().anyMatch(origin -> origin.served().epoch() == epoch);
  }

  int size() {
    return origins.size();
  }

  /** None is to blame: they may serve as before. */
  void release() {
    withheld.forEach(models::release);
  }

  /** Says so in the log. */
  void blame() {
    log.error(
        "not finite, and withheld: the forecast of series {} by {}; another version makes it",
        origins.get(0).series(),
        inWords());
  }

  /** As in "version 0123 of epoch 4". */
  String inWords() {
    return origins.stream()
        .map(Forecast.Origin::served)
        .map(served -> "version " + served.version().shortSha() + " of epoch " + served.epoch())
        .collect(Collectors.joining(", "));
  }

  /** What is to be published of it. */
  List<PublishedScore> scores(String model, ModelVersion instead) {
    String why =
        "its forecast was not finite, version %s made it instead".formatted(instead.shortSha());
    return origins.stream()
        .map(origin -> new PublishedScore(Score.none(origin), model, Role.SERVE, why))
        .toList();
  }
}
