package io.eddy.kafka.registry;

import io.eddy.kafka.record.ModelRecords;
import io.eddy.kafka.topics.RecordWriter;
import io.eddy.model.InvalidModelException;
import io.eddy.model.ModelVersion;
import io.eddy.model.io.ModelFile;
import io.eddy.rollout.Manifest;
import io.eddy.rollout.SigningKeys;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Publishes model files to the models topic. */
public final class ModelPublisher {
  private final Map<String, Object> client;
  private final String topic;
  private final ModelsTopicIndex index;
  private final ModelRecords records = new ModelRecords();

  ModelPublisher(Map<String, Object> client, String topic, ModelsTopicIndex index) {
    this.client = client;
    this.topic = topic;
    this.index = index;
  }

  /** Publishes a model file without a signature. */
  public Manifest publish(String model, byte[] file) {
    return publish(model, file, null, null);
  }

  /**
   * Publishes a model file under a name: first its parts, then its manifest. Does not activate it.
   * Publishing again is allowed, and completes an interrupted publication. It keeps the signature
   * if {@code key} is null, and the context report if {@code contextFit} is null.
   *
   * @param key signs the manifest; may be null
   * @param contextFit report on the choice of the context length, as JSON; may be null
   * @throws InvalidModelException if the file is invalid or published under another name; nothing
   *     is written
   */
  public Manifest publish(
      String model, byte[] file, @Nullable PrivateKey key, @Nullable String contextFit) {
    ModelVersion version = ModelFile.read(file).version();
    int parts = (file.length + Manifest.PART_SIZE - 1) / Manifest.PART_SIZE;
    Manifest manifest =
        new Manifest(
            model, version, file.length, parts, ModelFile.specificationOf(file), Instant.now());
    try (RecordWriter out = new RecordWriter(client, topic)) {
      Manifest before = published(manifest);
      if (before != null && before.isSameFile(manifest)) {
        manifest = manifest.withContextFit(before.contextFit()).withSignature(before.signature());
      }
      if (contextFit != null) {
        manifest = manifest.withContextFit(contextFit);
      }
      if (key != null) {
        manifest = SigningKeys.sign(manifest, key);
      }
      for (int part = 0; part < parts; part++) {
        out.write(ModelRecords.partKey(version, part), records.encodePart(file, part));
      }
      out.write(ModelRecords.manifestKey(version), records.encodeManifest(manifest));
      return manifest;
    }
  }

  /** Returns the published manifest of a version; null if none exists. */
  private @Nullable Manifest published(Manifest manifest) {
    index.refresh();
    Manifest before = index.find(manifest.version()).map(PublishedVersion::manifest).orElse(null);
    if (before != null && !before.model().equals(manifest.model())) {
      throw new InvalidModelException(
          "version %s is already published as a version of model %s",
          manifest.version().shortSha(), before.model());
    }
    return before;
  }
}
