package io.eddy.stream;

import io.eddy.codec.ActivationCodec;
import io.eddy.codec.InvalidRecordException;
import io.eddy.codec.Manifest;
import io.eddy.codec.ModelRecords;
import io.eddy.forecast.Activation;
import io.eddy.forecast.Activations;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelFile;
import io.eddy.model.ModelVersion;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Publishes model versions, puts them to work, and says what is there, over the two topics. */
public final class ModelRegistry {
  private final Map<String, Object> client;
  private final TopicNames topics;
  private final ModelRecords records = new ModelRecords();
  private final ActivationCodec activations = new ActivationCodec();

  /**
   * A registry.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   */
  public ModelRegistry(Map<String, Object> client, TopicNames topics) {
    this.client = client;
    this.topics = topics;
  }

  /** A version on the topic; {@code missingParts} is 0 where it is whole. */
  public record Entry(Manifest manifest, int missingParts) {}

  /**
   * Publishes a model file under a name: its parts, then the manifest. Nothing serves yet. May be
   * repeated.
   *
   * @throws InvalidModelException where the file is unsound; nothing is written
   */
  public Manifest publish(String model, byte[] file) {
    ModelVersion version = ModelFile.read(file).version();
    int parts = (file.length + Manifest.PART_SIZE - 1) / Manifest.PART_SIZE;
    Manifest manifest =
        new Manifest(
            model, version, file.length, parts, ModelFile.specificationOf(file), Instant.now());
    List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
    for (int index = 0; index < parts; index++) {
      messages.add(
          record(
              topics.models(),
              ModelRecords.partKey(version, index),
              records.encodePart(file, index)));
    }
    messages.add(
        record(
            topics.models(), ModelRecords.manifestKey(version), records.encodeManifest(manifest)));
    send(messages);
    return manifest;
  }

  /** Every version on the topic, in the order of publication. */
  public List<Entry> list() {
    Map<String, byte[]> present = readAll(topics.models());
    List<Entry> entries = new ArrayList<>();
    present.forEach(
        (key, value) -> {
          if (!ModelRecords.isPartKey(key)) {
            Manifest manifest = records.decodeManifest(key, value);
            int missing = 0;
            for (int index = 0; index < manifest.parts(); index++) {
              missing +=
                  present.containsKey(ModelRecords.partKey(manifest.version(), index)) ? 0 : 1;
            }
            entries.add(new Entry(manifest, missing));
          }
        });
    return entries;
  }

  /** The activations of a model. */
  public Activations activations(String model) {
    List<Activation> found = new ArrayList<>();
    readAll(topics.activations())
        .values()
        .forEach(
            value -> {
              try {
                Activation activation = activations.decode(value);
                if (activation.model().equals(model)) {
                  found.add(activation);
                }
              } catch (InvalidRecordException e) {
                // Left to the forecaster's log: a foreign record is no activation of this model.
              }
            });
    return new Activations(found);
  }

  /**
   * The version that serves events of a time: that of the highest epoch which is effective then and
   * whole on the topic.
   *
   * @param timestampMs event time, epoch milliseconds
   * @return empty where nothing serves
   */
  public Optional<Model> serving(String model, long timestampMs) {
    Map<String, byte[]> present = readAll(topics.models());
    for (Activation activation : activations(model).descending()) {
      String key = ModelRecords.manifestKey(activation.version());
      byte[] manifest = present.get(key);
      if (manifest != null && activation.isEffectiveAt(timestampMs)) {
        byte[] file = records.assemble(records.decodeManifest(key, manifest), present::get);
        if (file != null) {
          return Optional.of(ModelFile.read(file));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Puts a version to work under the next epoch.
   *
   * @param effectiveFromMs event time, epoch milliseconds; null for at once
   * @throws InvalidModelException where no such version of that model is whole on the topic
   */
  public Activation activate(
      String model, ModelVersion version, @Nullable Long effectiveFromMs, String reason) {
    requireWhole(model, version);
    Activation activation =
        new Activation(model, activations(model).nextEpoch(), version, effectiveFromMs, reason);
    send(
        List.of(
            new ProducerRecord<>(
                topics.activations(),
                activations.key(activation),
                activations.encode(activation))));
    return activation;
  }

  /** The whole versions of a model that begin with these digits; one of them, or an error. */
  public ModelVersion resolve(String model, String prefix) {
    List<ModelVersion> matches =
        list().stream()
            .filter(entry -> entry.manifest().model().equals(model))
            .map(entry -> entry.manifest().version())
            .filter(version -> version.sha().startsWith(prefix))
            .toList();
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
    for (Entry entry : list()) {
      if (entry.manifest().version().equals(version) && entry.manifest().model().equals(model)) {
        if (entry.missingParts() > 0) {
          throw new InvalidModelException(
              "version %s lacks %d of %d parts: publish it again",
              version.shortSha(), entry.missingParts(), entry.manifest().parts());
        }
        return;
      }
    }
    throw new InvalidModelException(
        "no version %s of model %s is published: see `eddy models list`",
        version.shortSha(), model);
  }

  private Map<String, byte[]> readAll(String topic) {
    Map<String, byte[]> present = new LinkedHashMap<>();
    new TopicReader(client)
        .read(
            topic,
            record -> {
              if (record.key() != null) {
                String key = new String(record.key(), StandardCharsets.UTF_8);
                present.remove(key);
                if (record.value() != null) {
                  present.put(key, record.value());
                }
              }
            });
    return present;
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, String key, byte[] value) {
    return new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value);
  }

  private void send(List<ProducerRecord<byte[], byte[]>> messages) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    // A part that is turned away while a later one is taken is out of order for good: the broker
    // refuses it until the delivery times out. So each waits for the one before it.
    settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      messages.forEach(message -> sent.add(producer.send(message)));
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new BrokerException(
          "writing to the broker failed: "
              + Objects.requireNonNullElse(e.getCause(), e).getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerException("interrupted", e);
    }
  }
}
