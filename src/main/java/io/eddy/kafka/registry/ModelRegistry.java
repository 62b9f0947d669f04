package io.eddy.kafka.registry;

import io.eddy.kafka.record.ActivationCodec;
import io.eddy.kafka.record.ModelRecords;
import io.eddy.kafka.topics.RecordWriter;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.ModelVersion;
import io.eddy.model.io.ModelFile;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activation.Timing;
import io.eddy.rollout.Activations;
import io.eddy.rollout.Manifest;
import io.eddy.rollout.ModelLimits;
import io.eddy.rollout.Promotion;
import io.eddy.rollout.PromotionRule;
import io.eddy.rollout.PromotionRule.Condition;
import io.eddy.rollout.Rollback;
import io.eddy.rollout.RolloutDecision;
import io.eddy.rollout.Scope;
import io.eddy.rollout.SigningKeys;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Publishes model versions, puts them to work, and says what is there, over the two topics.
 *
 * <p>Whatever depends on what is there, epochs above all, is decided and written by one registry at
 * a time: two that activate at once take two epochs.
 */
public final class ModelRegistry {
  private final Map<String, Object> client;
  private final TopicNames topics;
  private final TopicReader reader;
  private final ModelsTopicIndex models;
  private final ExclusiveWriter writer;
  private final ModelLimits limits;
  private final ModelRecords records = new ModelRecords();
  private final ActivationCodec activations = new ActivationCodec();

  /**
   * A registry without limits.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   */
  public ModelRegistry(Map<String, Object> client, TopicNames topics) {
    this(client, topics, ModelLimits.NONE);
  }

  /**
   * A registry.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   * @param limits of the forecasters, which would refuse what does not keep to them
   */
  public ModelRegistry(Map<String, Object> client, TopicNames topics, ModelLimits limits) {
    this.limits = limits;
    this.client = client;
    this.topics = topics;
    reader = new TopicReader(client);
    models = new ModelsTopicIndex(reader, topics.models());
    writer = new ExclusiveWriter(client, "eddy-registry-" + topics.activations());
  }

  /** A version on the topic; {@code missingParts} is 0 where it is whole. */
  public record Entry(Manifest manifest, int missingParts) {
    public boolean isWhole() {
      return missingParts == 0;
    }
  }

  /** Publishes without a key; as {@link #publish(String, byte[], PrivateKey)}. */
  public Manifest publish(String model, byte[] file) {
    return publish(model, file, null);
  }

  /** As {@link #publish(String, byte[], PrivateKey, String)}, where nothing is said of it. */
  public Manifest publish(String model, byte[] file, @Nullable PrivateKey key) {
    return publish(model, file, key, null);
  }

  /**
   * Publishes a model file under a name: its parts, then the manifest. Nothing serves yet. May be
   * repeated, and has to be where it was interrupted; a signature that is there stays where there
   * is no key, and what is said of the context where nothing else is said.
   *
   * @param key to sign the manifest with, or null
   * @param contextFit how well the context is chosen, as JSON, or null
   * @throws InvalidModelException where the file is unsound, or published under another name;
   *     nothing is written
   */
  public Manifest publish(
      String model, byte[] file, @Nullable PrivateKey key, @Nullable String contextFit) {
    ModelVersion version = ModelFile.read(file).version();
    int parts = (file.length + Manifest.PART_SIZE - 1) / Manifest.PART_SIZE;
    Manifest manifest =
        new Manifest(
            model, version, file.length, parts, ModelFile.specificationOf(file), Instant.now());
    try (RecordWriter out = new RecordWriter(client, topics.models())) {
      Manifest before = publishedBefore(manifest);
      Manifest known = before != null && before.isSameFile(manifest) ? before : null;
      String fit = contextFit == null && known != null ? known.contextFit() : contextFit;
      Manifest told = manifest.withContextFit(fit);
      Manifest signed = known == null ? told : told.signed(known.signature());
      if (key != null) {
        signed = SigningKeys.sign(told, key);
      }
      for (int index = 0; index < parts; index++) {
        out.write(ModelRecords.partKey(version, index), records.encodePart(file, index));
      }
      out.write(ModelRecords.manifestKey(version), records.encodeManifest(signed));
      return signed;
    }
  }

  /** A version has one name: under a second it would be taken from the first. */
  private @Nullable Manifest publishedBefore(Manifest manifest) {
    models.refresh();
    Manifest before = models.find(manifest.version()).map(Entry::manifest).orElse(null);
    if (before != null && !before.model().equals(manifest.model())) {
      throw new InvalidModelException(
          "version %s is published as one of model %s: it cannot be one of %s too",
          manifest.version().shortSha(), before.model(), manifest.model());
    }
    return before;
  }

  /** Every version on the topic, in the order of publication. */
  public List<Entry> list() {
    models.refresh();
    return models.entries();
  }

  /**
   * The versions, of whatever model, of which there are parts and no manifest, with how many parts:
   * their publication was interrupted.
   */
  public Map<ModelVersion, Integer> torn() {
    models.refresh();
    return models.torn();
  }

  /** The activations of a model. */
  public Activations activations(String model) {
    return activationsByModel().getOrDefault(model, new Activations(List.of()));
  }

  private Map<String, Activations> activationsByModel() {
    Map<String, Activation> present = new HashMap<>();
    reader.read(
        topics.activations(),
        record -> {
          if (record.key() == null) {
            return;
          }
          String key = new String(record.key(), StandardCharsets.UTF_8);
          present.remove(key);
          if (record.value() != null) {
            try {
              present.put(key, activations.decode(key, record.value()));
            } catch (InvalidRecordException e) {
              // Left to the forecaster's log: a foreign record is no activation.
            }
          }
        });
    Map<String, List<Activation>> byModel = new HashMap<>();
    present
        .values()
        .forEach(
            activation ->
                byModel
                    .computeIfAbsent(activation.model(), name -> new ArrayList<>())
                    .add(activation));
    Map<String, Activations> result = new HashMap<>();
    byModel.forEach((name, found) -> result.put(name, new Activations(found)));
    return result;
  }

  /**
   * The version that serves events of a time, of the series that no narrower scope takes.
   *
   * @param timestampMs event time, epoch milliseconds
   * @return empty where nothing serves
   */
  public Optional<Model> serving(String model, long timestampMs) {
    models.refresh();
    return loaded(activations(model).findForAll(Role.SERVE, timestampMs, this::isServable));
  }

  /** The version that serves the events of a series at a time; empty where nothing does. */
  public Optional<Model> serving(String model, String series, long timestampMs) {
    models.refresh();
    return loaded(activations(model).find(Role.SERVE, series, timestampMs, this::isServable));
  }

  private Optional<Model> loaded(@Nullable Activation activation) {
    return activation == null ? Optional.empty() : load(activation.version());
  }

  /**
   * A version; empty where it is not whole.
   *
   * @throws InvalidModelException where it is not sound, or not within the limits
   */
  public Optional<Model> load(ModelVersion version) {
    Optional<Manifest> manifest = models.find(version).map(Entry::manifest);
    manifest.ifPresent(limits::check);
    return manifest.flatMap(some -> Optional.ofNullable(models.file(some))).map(ModelFile::read);
  }

  /** Whether forecasters would load its version, as far as the manifest tells. */
  private boolean isServable(Activation activation) {
    Optional<Entry> entry = models.find(activation.version()).filter(Entry::isWhole);
    try {
      entry.map(Entry::manifest).ifPresent(limits::check);
      return entry.isPresent();
    } catch (InvalidModelException e) {
      return false;
    }
  }

  private boolean isSound(Activation activation) {
    try {
      return load(activation.version()).isPresent();
    } catch (InvalidModelException e) {
      return false;
    }
  }

  /**
   * Lets a version serve all series that no narrower scope takes, under the next epoch.
   *
   * @param effectiveFromMs event time, epoch milliseconds; null for at once
   * @throws InvalidModelException where no such version of that model is whole on the topic
   */
  public Activation activate(
      String model, ModelVersion version, @Nullable Long effectiveFromMs, String reason) {
    return activate(model, version, reason, Terms.serving(Scope.all(), effectiveFromMs));
  }

  /**
   * Puts a version to work under the next epoch.
   *
   * @throws InvalidModelException where no such version of that model is whole on the topic
   */
  public Activation activate(String model, ModelVersion version, String reason, Terms terms) {
    return decide(
            model,
            now -> {
              requireWhole(model, version);
              return List.of(new Activation(model, now.nextEpoch(), version, terms, reason));
            })
        .get(0);
  }

  /**
   * Lets a version serve all series: what narrower scopes are served by ends.
   *
   * @return the activation, then the ends
   * @throws InvalidModelException where no such version of that model is whole on the topic
   */
  public List<Activation> activateEverywhere(
      String model, ModelVersion version, String reason, Timing timing) {
    return decide(
        model,
        now -> {
          requireWhole(model, version);
          List<Activation> decided = new ArrayList<>();
          long epoch = now.nextEpoch();
          Terms all = Terms.serving(Scope.all(), null).at(timing);
          decided.add(new Activation(model, epoch++, version, all, reason));
          for (Activation head : now.heads(Role.SERVE)) {
            Scope scope = head.terms().scope();
            if (!scope.equals(Scope.all())) {
              Terms end = Terms.ending(scope, Role.SERVE, null).at(timing);
              decided.add(new Activation(model, epoch++, head.version(), end, reason));
            }
          }
          return decided;
        });
  }

  /**
   * Ends what a role is filled by in a scope: its series are served by the next wider scope's.
   *
   * @throws InvalidModelException where nothing has that role in that scope
   */
  public Activation end(String model, Terms terms, String reason) {
    return decide(
            model,
            now -> {
              List<Activation> history = now.descending(terms.scope(), terms.role());
              if (history.isEmpty() || history.get(0).terms().isEnd()) {
                throw new InvalidModelException(
                    "no version of model %s %s %s: there is nothing to end",
                    model, terms.role() == Role.SERVE ? "serves" : "shadows", terms.scope());
              }
              ModelVersion ended = history.get(0).version();
              return List.of(new Activation(model, now.nextEpoch(), ended, terms, reason));
            })
        .get(0);
  }

  /**
   * Puts the version to work again that served a scope before, at once; where none did, what the
   * scope is served by ends.
   *
   * @throws InvalidModelException where there is nothing to go back to
   */
  public Activation rollback(String model, Scope scope) {
    return decide(
            model,
            now -> {
              Activation back = Rollback.of(model, scope, now);
              if (!back.terms().isEnd()) {
                requireWhole(model, back.version());
              }
              return List.of(back);
            })
        .get(0);
  }

  /**
   * Lets what shadows a scope serve it, at once.
   *
   * @return the activation, then the shadow's end
   * @throws InvalidModelException where nothing shadows it
   */
  public List<Activation> promote(String model, Scope scope, String reason) {
    return decide(
        model,
        now -> {
          Activation shadow = Promotion.shadow(model, scope, now);
          requireWhole(model, shadow.version());
          return Promotion.serve(shadow, now, reason);
        });
  }

  /**
   * Lets what shadows a scope serve it as soon as it meets a condition; it is over where it does
   * not. What is scored from now on counts.
   *
   * @throws InvalidModelException where nothing shadows the scope, or the two cannot be compared
   */
  public Activation challenge(String model, Scope scope, Condition condition, String reason) {
    return decide(
            model,
            now -> {
              Activation shadow = Promotion.shadow(model, scope, now);
              requireWhole(model, shadow.version());
              requireComparable(shadow, now, condition);
              PromotionRule challenge = new PromotionRule(condition, Instant.now(), scoreEnds());
              return List.of(Promotion.challenge(shadow, challenge, now, reason));
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

  private void requireComparable(Activation shadow, Activations now, Condition condition) {
    List<Activation> served = now.descending(shadow.terms().scope(), Role.SERVE);
    Optional<Model> serving =
        served.isEmpty() || served.get(0).terms().isEnd()
            ? loaded(now.findForAll(Role.SERVE, Long.MAX_VALUE, this::isServable))
            : load(served.get(0).version());
    Model challenger = load(shadow.version()).orElseThrow();
    if (serving.isPresent()) {
      ModelSpecification here = serving.get().specification();
      ModelSpecification there = challenger.specification();
      if (!here.sampling().isSameGrid(there.sampling())) {
        throw new InvalidModelException(
            "version %s forecasts on another grid of steps than %s, which serves: they cannot be"
                + " compared, `eddy models promote` without --when promotes it",
            shadow.version().shortSha(), serving.get().version().shortSha());
      }
      if (condition.measure() == PromotionRule.Measure.PINBALL
          && (here.output().quantileLevels().isEmpty()
              || there.output().quantileLevels().isEmpty())) {
        throw new InvalidModelException(
            "versions without quantiles have no pinball loss: put \", by mase\" behind the"
                + " condition");
      }
    }
  }

  /**
   * Does what a verdict says, if what was judged still stands.
   *
   * @return what was written, the decisive one first; empty where another came in between
   * @throws InvalidModelException where there is no version to go back to
   */
  public List<Activation> settle(Activation judged, RolloutDecision verdict) {
    return decide(
        judged.model(),
        now -> {
          List<Activation> history = now.descending(judged.terms().scope(), judged.terms().role());
          if (history.isEmpty() || history.get(0).epoch() != judged.epoch()) {
            return List.of();
          }
          return switch (verdict.kind()) {
            case PROMOTE -> Promotion.serve(judged, now, verdict.why());
            case DROP -> Promotion.drop(judged, now, verdict.why());
            case ROLL_BACK ->
                List.of(Rollback.forCause(judged, now, this::isServable, verdict.why()));
          };
        });
  }

  /**
   * Takes a version off the topic, whole or torn. A series whose state belongs to it needs it no
   * more; a replay from a time when it served does.
   *
   * @return how many records were deleted
   * @throws InvalidModelException where there is no such version, or an activation that no other
   *     hides points at it
   */
  public int retire(ModelVersion version) {
    List<String> keys = new ArrayList<>();
    models.refresh();
    writer.write(
        () -> {
          models.refresh();
          keys.clear();
          keys.addAll(models.keys(version));
          if (keys.isEmpty()) {
            throw new InvalidModelException(
                "no version %s is published: see `eddy models list`", version.shortSha());
          }
          activationsByModel().forEach((name, now) -> requireIdle(version, name, now));
          return keys.stream()
              .map(key -> record(topics.models(), key.getBytes(StandardCharsets.UTF_8), null))
              .toList();
        });
    return keys.size();
  }

  private void requireIdle(ModelVersion version, String model, Activations now) {
    List<Activations.Period> periods = now.inForce(version, this::isSound);
    if (!periods.isEmpty()) {
      throw new InvalidModelException(
          "version %s of model %s %s: activate another in its place first",
          version.shortSha(),
          model,
          periods.stream().map(Activations.Period::inWords).collect(Collectors.joining("; ")));
    }
  }

  /** The version of a model that begins with these digits; exactly one, or an error. */
  public ModelVersion resolve(String model, String prefix) {
    List<ModelVersion> versions =
        list().stream()
            .filter(entry -> entry.manifest().model().equals(model))
            .map(entry -> entry.manifest().version())
            .toList();
    return resolve(model, prefix, versions);
  }

  /** As {@link #resolve}, of a model's versions and of the torn ones. */
  public ModelVersion resolveAny(String model, String prefix) {
    List<ModelVersion> versions = new ArrayList<>(torn().keySet());
    for (Entry entry : models.entries()) {
      if (entry.manifest().model().equals(model)) {
        versions.add(entry.manifest().version());
      }
    }
    return resolve(model, prefix, versions);
  }

  private static ModelVersion resolve(String model, String prefix, List<ModelVersion> versions) {
    List<ModelVersion> matches =
        versions.stream().filter(version -> version.sha().startsWith(prefix)).toList();
    if (matches.size() != 1) {
      throw new InvalidModelException(
          matches.isEmpty()
              ? "no version of model %s begins with %s: see `eddy models list`"
              : "several versions of model %s begin with %s: give more digits",
          model,
          prefix);
    }
    return matches.get(0);
  }

  private void requireWhole(String model, ModelVersion version) {
    Optional<Entry> found =
        models.find(version).filter(entry -> entry.manifest().model().equals(model));
    if (found.isEmpty()) {
      throw new InvalidModelException(
          "no version %s of model %s is published: see `eddy models list`",
          version.shortSha(), model);
    }
    if (!found.get().isWhole()) {
      throw new InvalidModelException(
          "version %s lacks %d of %d parts: publish it again",
          version.shortSha(), found.get().missingParts(), found.get().manifest().parts());
    }
    try {
      limits.check(found.get().manifest());
    } catch (InvalidModelException e) {
      throw new InvalidModelException(
          "version %s would be refused: %s", version.shortSha(), e.getMessage());
    }
  }

  /** Writes activations that follow from those that are there. */
  private List<Activation> decide(String model, Function<Activations, List<Activation>> decision) {
    List<Activation> decided = new ArrayList<>();
    models.refresh();
    writer.write(
        () -> {
          models.refresh();
          decided.clear();
          decided.addAll(decision.apply(activations(model)));
          return decided.stream()
              .map(
                  one ->
                      record(topics.activations(), activations.key(one), activations.encode(one)))
              .toList();
        });
    return decided;
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, byte[] key, byte @Nullable [] value) {
    return new ProducerRecord<>(topic, key, value);
  }
}
