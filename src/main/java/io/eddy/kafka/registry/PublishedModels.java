package io.eddy.kafka.registry;

import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The model versions on the models topic. */
public final class PublishedModels {
  private final ModelsTopicIndex index;
  private final ModelLoader loader;

  PublishedModels(ModelsTopicIndex index, ModelLoader loader) {
    this.index = index;
    this.loader = loader;
  }

  /** Returns all versions, in the order of publication. */
  public List<PublishedVersion> list() {
    index.refresh();
    return index.versions();
  }

  /**
   * Returns the versions of any model that have parts but no manifest, because their publication
   * was interrupted, with their number of parts.
   */
  public Map<ModelVersion, Integer> withoutManifest() {
    index.refresh();
    return index.withoutManifest();
  }

  /**
   * Loads a version, as of the last refresh.
   *
   * @return empty if the version is not complete
   * @throws InvalidModelException if the version is rejected
   */
  public Optional<Model> load(ModelVersion version) {
    Manifest manifest = index.find(version).map(PublishedVersion::manifest).orElse(null);
    return manifest == null
        ? Optional.empty()
        : Optional.ofNullable(loader.load(manifest, index.records(manifest)));
  }

  /** Returns whether forecasters would load an activation's version. */
  boolean isLoadable(Activation activation) {
    try {
      return load(activation.version()).isPresent();
    } catch (InvalidModelException e) {
      return false;
    }
  }

  /**
   * Checks that forecasters would load a version.
   *
   * @throws InvalidModelException if it is not published, not complete, or would be rejected
   */
  void requireServable(String model, ModelVersion version) {
    PublishedVersion published =
        index
            .find(version)
            .filter(found -> found.manifest().model().equals(model))
            .orElseThrow(
                () ->
                    new InvalidModelException(
                        "no version %s of model %s is published; see `eddy models list`",
                        version.shortSha(), model));
    if (!published.isComplete()) {
      throw new InvalidModelException(
          "version %s is incomplete: %d of %d parts are missing; publish it again",
          version.shortSha(), published.missingParts(), published.manifest().parts());
    }
    try {
      var unused = load(version);
    } catch (InvalidModelException e) {
      throw new InvalidModelException(
          "version %s would be rejected: %s", version.shortSha(), e.getMessage());
    }
  }

  /**
   * Returns the only version of a model that begins with {@code prefix}.
   *
   * @throws InvalidModelException if none exists, or more than one
   */
  public ModelVersion resolve(String model, String prefix) {
    index.refresh();
    return resolve(model, prefix, versions(model).toList());
  }

  /** Like {@link #resolve}, but also considers the versions without a manifest. */
  public ModelVersion resolveAny(String model, String prefix) {
    index.refresh();
    List<ModelVersion> versions = new ArrayList<>(index.withoutManifest().keySet());
    versions(model).forEach(versions::add);
    return resolve(model, prefix, versions);
  }

  private Stream<ModelVersion> versions(String model) {
    return index.versions().stream()
        .map(PublishedVersion::manifest)
        .filter(manifest -> manifest.model().equals(model))
        .map(Manifest::version);
  }

  private static ModelVersion resolve(String model, String prefix, List<ModelVersion> versions) {
    List<ModelVersion> matches =
        versions.stream().filter(version -> version.sha().startsWith(prefix)).toList();
    if (matches.size() != 1) {
      throw new InvalidModelException(
          matches.isEmpty()
              ? "no version of model %s begins with %s; see `eddy models list`"
              : "several versions of model %s begin with %s; give more digits",
          model,
          prefix);
    }
    return matches.get(0);
  }
}
