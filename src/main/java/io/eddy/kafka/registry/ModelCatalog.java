package io.eddy.kafka.registry;

import io.eddy.kafka.record.ModelRecords;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.VersionCache;
import io.eddy.rollout.Manifest;
import io.eddy.series.InvalidRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread-safe cache of the loaded versions of one process. Loads a version at the first request.
 *
 * <p>A rejected version is checked again when its manifest changes, for example when it is signed.
 * An incomplete version is checked again at every request.
 */
public final class ModelCatalog implements ModelCatalogMXBean {
  private static final Logger log = LoggerFactory.getLogger(ModelCatalog.class);

  /** More versions than serve at a time; each takes some megabytes. */
  private static final int CAPACITY = 16;

  private final ModelLoader loader;
  private final VersionCache<Model> loaded = new VersionCache<>(CAPACITY);
  private final VersionCache<Rejection> rejected = new VersionCache<>(CAPACITY);
  private final AtomicLong changes = new AtomicLong();
  private final AtomicLong rejections = new AtomicLong();
  private final AtomicLong pendingMigrations = new AtomicLong();

  /**
   * The reason why a version is not loaded.
   *
   * @param manifest the manifest that was rejected; null if the version is incomplete
   */
  private record Rejection(String reason, @Nullable Manifest manifest) {}

  /**
   * A snapshot of the catalog.
   *
   * @param rejected reasons by version
   */
  public record Contents(List<ModelVersion> loaded, Map<ModelVersion, String> rejected) {}

  public ModelCatalog(ModelLoader loader) {
    this.loader = loader;
  }

  /** Signals a change of the models or activations topic. */
  public void changed() {
    changes.incrementAndGet();
  }

  /** Returns the number of changes so far. */
  public long changes() {
    return changes.get();
  }

  public synchronized Contents contents() {
    Map<ModelVersion, String> reasons = new TreeMap<>();
    rejected.forEach((version, rejection) -> reasons.put(version, rejection.reason()));
    List<ModelVersion> versions = new ArrayList<>();
    loaded.forEach((version, model) -> versions.add(version));
    versions.sort(null);
    return new Contents(versions, reasons);
  }

  /** Returns a version that is loaded already, or null. */
  public synchronized @Nullable Model loaded(ModelVersion version) {
    return loaded.get(version);
  }

  @Override
  public int getLoaded() {
    return contents().loaded().size();
  }

  @Override
  public long getRejections() {
    return rejections.get();
  }

  @Override
  public Map<String, String> getRejected() {
    Map<String, String> reasons = new TreeMap<>();
    contents().rejected().forEach((version, reason) -> reasons.put(version.sha(), reason));
    return reasons;
  }

  @Override
  public long getPendingMigrations() {
    return pendingMigrations.get();
  }

  public void setPendingMigrations(long series) {
    pendingMigrations.set(series);
  }

  /**
   * Returns a version; null if it is incomplete or rejected.
   *
   * @param read returns the value of a key of the models topic, or null
   */
  public synchronized @Nullable Model find(
      ModelVersion version, Function<String, byte @Nullable []> read) {
    Model known = loaded.get(version);
    return known != null ? known : load(version, read);
  }

  private @Nullable Model load(ModelVersion version, Function<String, byte @Nullable []> read) {
    Manifest manifest = null;
    long beginNs = System.nanoTime();
    try {
      String key = ModelRecords.manifestKey(version);
      byte[] value = read.apply(key);
      if (value == null) {
        return incomplete(version, "it is not on the models topic");
      }
      manifest = loader.manifest(key, value);
      Rejection before = rejected.get(version);
      if (before != null && manifest.equals(before.manifest())) {
        return null;
      }
      Model model = loader.load(manifest, read);
      if (model == null) {
        return incomplete(version, "it is not complete on the models topic");
      }
      loaded.put(version, model);
      rejected.remove(version);
      log.info(
          "loaded version {} of model {}: {} kB in {} ms",
          version.shortSha(),
          manifest.model(),
          (manifest.size() + 512) / 1024,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNs));
      return model;
    } catch (InvalidModelException | InvalidRecordException e) {
      return reject(version, String.valueOf(e.getMessage()), manifest);
    }
  }

  private @Nullable Model incomplete(ModelVersion version, String reason) {
    if (isNew(version, new Rejection(reason, null))) {
      log.warn("cannot load the activated version {}: {}", version.shortSha(), reason);
    }
    return null;
  }

  private @Nullable Model reject(ModelVersion version, String reason, @Nullable Manifest manifest) {
    if (isNew(version, new Rejection(reason, manifest))) {
      rejections.incrementAndGet();
      log.error(
          "rejected version {}, the previous version continues to serve: {}",
          version.shortSha(),
          reason);
    }
    return null;
  }

  /** Records a rejection. Returns whether the reason is new. */
  private boolean isNew(ModelVersion version, Rejection rejection) {
    Rejection before = rejected.get(version);
    rejected.put(version, rejection);
    return before == null || !before.reason().equals(rejection.reason());
  }
}
