package io.eddy.kafka.registry;

import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.record.ModelRecords;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.io.ModelFile;
import io.eddy.rollout.Manifest;
import io.eddy.rollout.ModelLimits;
import io.eddy.series.InvalidRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Loads model versions from the records of the models topic. A version is accepted if its size and
 * signature are within the limits, its parts have the hash that is its name, its shapes and weights
 * are valid, and the events contain its covariates. Immutable.
 */
public final class ModelLoader {
  /** Accepts every valid model file. */
  public static final ModelLoader WITHOUT_LIMITS = new ModelLoader(ModelLimits.NONE, null);

  private final ModelLimits limits;
  private final @Nullable List<String> covariates;
  private final ModelRecords records = new ModelRecords();

  /**
   * Creates a loader.
   *
   * @param covariates the covariates of the events; null to accept models with any covariates
   */
  public ModelLoader(ModelLimits limits, @Nullable List<String> covariates) {
    this.limits = limits;
    this.covariates = covariates == null ? null : List.copyOf(covariates);
  }

  /** Returns the loader that the forecasters with these settings use. */
  public static ModelLoader of(StreamSettings settings) {
    return new ModelLoader(settings.modelLimits(), settings.covariates());
  }

  /**
   * Decodes the manifest of a version.
   *
   * @throws InvalidRecordException if the record is not a manifest
   */
  Manifest manifest(String key, byte[] value) {
    return records.decodeManifest(key, value);
  }

  /**
   * Checks the size and the signature of a version.
   *
   * @throws InvalidModelException if a limit is exceeded or a trusted signature is missing
   */
  private void check(Manifest manifest) {
    limits.check(manifest);
  }

  /**
   * Loads a version.
   *
   * @param read returns the value of a key of the models topic, or null
   * @return null if a part is missing
   * @throws InvalidModelException if the version is rejected
   */
  @Nullable Model load(Manifest manifest, Function<String, byte @Nullable []> read) {
    check(manifest);
    byte[] file = records.assemble(manifest, read);
    return file == null ? null : read(file);
  }

  /**
   * Loads a model file that is not published. Does not require a signature.
   *
   * @throws InvalidModelException if the file is rejected
   */
  public Model load(byte[] file) {
    limits.checkSize(file.length);
    return read(file);
  }

  private Model read(byte[] file) {
    Model model = ModelFile.read(file);
    if (covariates != null) {
      List<String> missing = new ArrayList<>(model.specification().inputs().covariateNames());
      missing.removeAll(covariates);
      if (!missing.isEmpty()) {
        throw new InvalidModelException(
            "covariates %s are not in events.covariates", String.join(", ", missing));
      }
    }
    return model;
  }
}
