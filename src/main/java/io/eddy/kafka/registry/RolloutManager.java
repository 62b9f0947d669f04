package io.eddy.kafka.registry;

import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activation.Timing;
import io.eddy.rollout.Activations;
import io.eddy.rollout.Promotion;
import io.eddy.rollout.PromotionRule;
import io.eddy.rollout.PromotionRule.Condition;
import io.eddy.rollout.Rollback;
import io.eddy.rollout.RolloutDecision;
import io.eddy.rollout.Scope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Rollout operations: activates, ends, promotes, rolls back and retires versions. Operations that
 * run concurrently are applied one after the other.
 */
public final class RolloutManager {
  private final TopicNames topics;
  private final TopicReader reader;
  private final ModelsTopicIndex index;
  private final PublishedModels models;
  private final ActivationLog log;
  private final ExclusiveWriter writer;

  RolloutManager(
      Map<String, Object> client,
      TopicNames topics,
      ModelsTopicIndex index,
      PublishedModels models,
      ActivationLog log) {
    this.topics = topics;
    reader = new TopicReader(client);
    this.index = index;
    this.models = models;
    this.log = log;
    writer = new ExclusiveWriter(client, topics);
  }

  /**
   * Activates a version for all series that no narrower scope contains.
   *
   * @param effectiveFromMs event time, epoch milliseconds; null for immediately
   * @throws InvalidModelException if the version cannot serve
   */
  public Activation activate(
      String model, ModelVersion version, @Nullable Long effectiveFromMs, String reason) {
    return activate(model, version, reason, Terms.serving(Scope.all(), effectiveFromMs));
  }

  /**
   * Activates a version.
   *
   * @throws InvalidModelException if the version cannot serve
   */
  public Activation activate(String model, ModelVersion version, String reason, Terms terms) {
    return append(
            model,
            current -> {
              models.requireServable(model, version);
              return List.of(new Activation(model, current.nextEpoch(), version, terms, reason));
            })
        .get(0);
  }

  /**
   * Activates a version for all series and ends the serving versions of narrower scopes.
   *
   * @return the activation, then the ends
   * @throws InvalidModelException if the version cannot serve
   */
  public List<Activation> activateEverywhere(
      String model, ModelVersion version, String reason, Timing timing) {
    return append(
        model,
        current -> {
          models.requireServable(model, version);
          List<Activation> appended = new ArrayList<>();
          long epoch = current.nextEpoch();
          Terms all = Terms.serving(Scope.all(), null).at(timing);
          appended.add(new Activation(model, epoch++, version, all, reason));
          for (Activation head : current.heads(Role.SERVE)) {
            Scope scope = head.terms().scope();
            if (!scope.equals(Scope.all())) {
              Terms end = Terms.ending(scope, Role.SERVE, null).at(timing);
              appended.add(new Activation(model, epoch++, head.version(), end, reason));
            }
          }
          return appended;
        });
  }

  /**
   * Ends a role in a scope. The version of the next wider scope serves its series.
   *
   * @throws InvalidModelException if no version has the role in the scope
   */
  public Activation end(String model, Terms terms, String reason) {
    return append(
            model,
            current -> {
              List<Activation> history = current.descending(terms.scope(), terms.role());
              if (history.isEmpty() || history.get(0).terms().isEnd()) {
                throw new InvalidModelException(
                    "nothing to end: no version of model %s %s %s",
                    model, terms.role() == Role.SERVE ? "serves" : "shadows", terms.scope());
              }
              ModelVersion ended = history.get(0).version();
              return List.of(new Activation(model, current.nextEpoch(), ended, terms, reason));
            })
        .get(0);
  }

  /**
   * Activates the previous version of a scope immediately, or ends the scope if it has none.
   *
   * @throws InvalidModelException if there is no previous version
   */
  public Activation rollback(String model, Scope scope) {
    return append(
            model,
            current -> {
              Activation previous = Rollback.toPrevious(model, scope, current);
              if (!previous.terms().isEnd()) {
                models.requireServable(model, previous.version());
              }
              return List.of(previous);
            })
        .get(0);
  }

  /**
   * Promotes the shadow version of a scope immediately.
   *
   * @return the activation, then the end of the shadow
   * @throws InvalidModelException if the scope has no shadow
   */
  public List<Activation> promote(String model, Scope scope, String reason) {
    return append(
        model,
        current -> {
          Activation shadow = Promotion.shadow(model, scope, current);
          models.requireServable(model, shadow.version());
          return Promotion.promote(shadow, current, reason);
        });
  }

  /**
   * Promotes the shadow version of a scope when it meets a condition, and drops it otherwise. Only
   * forecasts scored from now on count.
   *
   * @throws InvalidModelException if the scope has no shadow, or the versions cannot be compared
   */
  public Activation promoteWhen(String model, Scope scope, Condition condition, String reason) {
    return append(
            model,
            current -> {
              Activation shadow = Promotion.shadow(model, scope, current);
              models.requireServable(model, shadow.version());
              requireComparable(shadow, current, condition);
              PromotionRule rule = new PromotionRule(condition, Instant.now(), scoreEnds());
              return List.of(Promotion.withRule(shadow, rule, current, reason));
            })
        .get(0);
  }

  private List<Long> scoreEnds() {
    Map<TopicPartition, Long> ends = reader.endOffsets(topics.scores());
    return ends.entrySet().stream()
        .sorted(Comparator.comparingInt(end -> end.getKey().partition()))
        .map(Map.Entry::getValue)
        .toList();
  }

  private void requireComparable(Activation shadow, Activations current, Condition condition) {
    List<Activation> history = current.descending(shadow.terms().scope(), Role.SERVE);
    Activation head = history.isEmpty() || history.get(0).terms().isEnd() ? null : history.get(0);
    if (head == null) {
      head = current.findForAll(Role.SERVE, Long.MAX_VALUE, models::isLoadable);
    }
    Optional<Model> serving = head == null ? Optional.empty() : models.load(head.version());
    Model challenger = models.load(shadow.version()).orElseThrow();
    if (serving.isEmpty()) {
      return;
    }
    ModelSpecification served = serving.get().specification();
    ModelSpecification shadowed = challenger.specification();
    if (!served.sampling().isSameGrid(shadowed.sampling())) {
      throw new InvalidModelException(
          "cannot compare version %s with the serving version %s: their sampling intervals differ;"
              + " promote it with `eddy models promote` without --when",
          shadow.version().shortSha(), serving.get().version().shortSha());
    }
    if (condition.measure() == PromotionRule.Measure.PINBALL
        && (served.output().quantileLevels().isEmpty()
            || shadowed.output().quantileLevels().isEmpty())) {
      throw new InvalidModelException(
          "versions without quantiles have no pinball loss; append \", by mase\" to the condition");
    }
  }

  /**
   * Applies a decision if its activation is still the latest of its scope and role.
   *
   * @return the appended activations, the decisive one first; empty if the activation was replaced
   * @throws InvalidModelException if there is no version to roll back to
   */
  public List<Activation> apply(Activation activation, RolloutDecision decision) {
    return append(
        activation.model(),
        current -> {
          Terms terms = activation.terms();
          List<Activation> history = current.descending(terms.scope(), terms.role());
          if (history.isEmpty() || history.get(0).epoch() != activation.epoch()) {
            return List.of();
          }
          return switch (decision.kind()) {
            case PROMOTE -> Promotion.promote(activation, current, decision.reason());
            case DROP -> Promotion.drop(activation, current, decision.reason());
            case ROLL_BACK ->
                List.of(
                    Rollback.automatic(activation, current, models::isLoadable, decision.reason()));
          };
        });
  }

  /**
   * Deletes a version, complete or not, from the models topic. Series whose state belongs to it do
   * not need it; a replay of the events that it served does.
   *
   * @return the number of deleted records
   * @throws InvalidModelException if the version is not published or still in use
   */
  public int retire(ModelVersion version) {
    List<String> keys = new ArrayList<>();
    index.refresh();
    writer.write(
        () -> {
          index.refresh();
          keys.clear();
          keys.addAll(index.keys(version));
          if (keys.isEmpty()) {
            throw new InvalidModelException(
                "no version %s is published; see `eddy models list`", version.shortSha());
          }
          log.readAll().forEach((model, current) -> requireUnused(version, model, current));
          return keys.stream()
              .map(
                  key ->
                      new ProducerRecord<byte[], byte[]>(
                          topics.models(), key.getBytes(StandardCharsets.UTF_8), null))
              .toList();
        });
    return keys.size();
  }

  private void requireUnused(ModelVersion version, String model, Activations current) {
    List<Activations.Period> periods = current.periods(version, models::isLoadable);
    if (!periods.isEmpty()) {
      throw new InvalidModelException(
          "version %s of model %s %s; activate another version first",
          version.shortSha(),
          model,
          periods.stream().map(Activations.Period::describe).collect(Collectors.joining("; ")));
    }
  }

  private List<Activation> append(String model, Function<Activations, List<Activation>> decide) {
    index.refresh();
    return log.append(
        model,
        current -> {
          index.refresh();
          return decide.apply(current);
        });
  }
}
