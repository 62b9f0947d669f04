package io.eddy.stream;

import io.eddy.codec.InvalidRecordException;
import io.eddy.codec.Manifest;
import io.eddy.codec.ModelRecords;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelFile;
import io.eddy.model.ModelVersion;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decoded versions of one process, shared by its stream threads.
 *
 * <p>A version is decoded when a series first asks for it. One that is unsound is refused for good,
 * since its bytes are its name; one that is not whole yet is looked for again after the next change
 * of the models topic.
 */
final class ModelCatalog {
  private static final Logger log = LoggerFactory.getLogger(ModelCatalog.class);

  private final ModelRecords records = new ModelRecords();
  private final ConcurrentMap<ModelVersion, Model> sound = new ConcurrentHashMap<>();
  private final ConcurrentMap<ModelVersion, String> refused = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();

  /** Says that models or activations changed. */
  void changed() {
    changes.incrementAndGet();
  }

  /** Grows with every change. */
  long changes() {
    return changes.get();
  }

  /**
   * The version, or null where it is not whole or was refused.
   *
   * @param read value of a key of the models topic, or null
   */
  @Nullable Model find(ModelVersion version, Function<String, byte @Nullable []> read) {
    Model known = sound.get(version);
    if (known != null || refused.containsKey(version)) {
      return known;
    }
    synchronized (this) {
      return sound.containsKey(version) ? sound.get(version) : load(version, read);
    }
  }

  private @Nullable Model load(ModelVersion version, Function<String, byte @Nullable []> read) {
    try {
      byte[] value = read.apply(ModelRecords.manifestKey(version));
      if (value == null) {
        return null;
      }
      Manifest manifest = records.decodeManifest(ModelRecords.manifestKey(version), value);
      byte[] file = records.assemble(manifest, read);
      if (file == null) {
        log.warn("version {} is activated but not whole on the topic yet", version.shortSha());
        return null;
      }
      Model model = ModelFile.read(file);
      sound.put(version, model);
      log.info("version {} of model {} is loaded", version.shortSha(), manifest.model());
      return model;
    } catch (InvalidModelException | InvalidRecordException e) {
      refused.put(version, String.valueOf(e.getMessage()));
      log.error(
          "version {} is refused, what served before goes on serving: {}",
          version.shortSha(),
          e.getMessage());
      return null;
    }
  }
}
