package io.eddy.kafka.registry;

import io.eddy.kafka.record.ModelRecords;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.VersionCache;
import io.eddy.model.io.ModelFile;
import io.eddy.rollout.Manifest;
import io.eddy.rollout.ModelLimits;
import io.eddy.series.InvalidRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decoded versions of one process, shared by its stream threads: those asked for last.
 *
 * <p>A version that is not among them is decoded when a series asks for it. One that is refused is
 * looked at again when it was published anew, as with a signature; one that is not whole yet after
 * the next change of the models topic.
 */
public final class ModelCatalog implements ModelCatalogMXBean {
  private static final Logger log = LoggerFactory.getLogger(ModelCatalog.class);

  /** More than serve at a time, even where series are days apart; some megabytes each. */
  private static final int CAPACITY = 16;

  private final List<String> covariates;
  private final ModelLimits limits;
  private final ModelRecords records = new ModelRecords();
  private final VersionCache<Model> sound = new VersionCache<>(CAPACITY);
  private final VersionCache<Refusal> refused = new VersionCache<>(CAPACITY);
  private final AtomicLong changes = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();
  private final AtomicLong withheld = new AtomicLong();
  private final AtomicLong seriesWaiting = new AtomicLong();

  /**
   * Why a version does not serve.
   *
   * @param manifest by which it was looked at; null where it is to be looked at again
   */
  private record Refusal(String reason, @Nullable Manifest manifest) {}

  /**
   * What is loaded, and what is not and why.
   *
   * @param refused reasons by version
   */
  public record Contents(List<ModelVersion> loaded, Map<ModelVersion, String> refused) {}

  /**
   * Nothing decoded yet, and no limits.
   *
   * @param covariates that are read of the events
   */
  public ModelCatalog(List<String> covariates) {
    this(covariates, ModelLimits.NONE);
  }

  /**
   * Nothing decoded yet.
   *
   * @param covariates that are read of the events
   */
  public ModelCatalog(List<String> covariates, ModelLimits limits) {
    this.covariates = covariates;
    this.limits = limits;
  }

  /** Counts forecasts that were not finite and did not leave. */
  public void withheld(int forecasts) {
    withheld.addAndGet(forecasts);
  }

  @Override
  public long getWithheld() {
    return withheld.get();
  }

  /** Says that models or activations changed. */
  public void changed() {
    changes.incrementAndGet();
  }

  /** Grows with every change. */
  public long changes() {
    return changes.get();
  }

  public synchronized Contents contents() {
    Map<ModelVersion, String> reasons = new TreeMap<>();
    refused.forEach((version, refusal) -> reasons.put(version, refusal.reason()));
    List<ModelVersion> loaded = new ArrayList<>();
    sound.forEach((version, model) -> loaded.add(version));
    loaded.sort(null);
    return new Contents(loaded, reasons);
  }

  @Override
  public int getLoaded() {
    return contents().loaded().size();
  }

  @Override
  public long getRefusals() {
    return refusals.get();
  }

  @Override
  public long getSeriesWaiting() {
    return seriesWaiting.get();
  }

  public void setSeriesWaiting(long count) {
    seriesWaiting.set(count);
  }

  @Override
  public Map<String, String> getRefused() {
    Map<String, String> reasons = new TreeMap<>();
    contents().refused().forEach((version, reason) -> reasons.put(version.sha(), reason));
    return reasons;
  }

  /**
   * The version, or null where it is not whole or was refused.
   *
   * @param read value of a key of the models topic, or null
   */
  public synchronized @Nullable Model find(
      ModelVersion version, Function<String, byte @Nullable []> read) {
    Model known = sound.get(version);
    return known != null ? known : load(version, read);
  }

  private @Nullable Model load(ModelVersion version, Function<String, byte @Nullable []> read) {
    Manifest manifest = null;
    try {
      String key = ModelRecords.manifestKey(version);
      byte[] value = read.apply(key);
      if (value == null) {
        return await(version, "it is not on the topic");
      }
      manifest = records.decodeManifest(key, value);
      Refusal before = refused.get(version);
      if (before != null && manifest.equals(before.manifest())) {
        return null;
      }
      limits.check(manifest);
      byte[] file = records.assemble(manifest, read);
      if (file == null) {
        return await(version, "it is not whole on the topic yet");
      }
      Model model = ModelFile.read(file);
      requireInputs(model, covariates);
      sound.put(version, model);
      refused.remove(version);
      log.info("version {} of model {} is loaded", version.shortSha(), manifest.model());
      return model;
    } catch (InvalidModelException | InvalidRecordException e) {
      return refuse(version, String.valueOf(e.getMessage()), manifest);
    }
  }

  private @Nullable Model await(ModelVersion version, String reason) {
    if (isNews(version, new Refusal(reason, null))) {
      log.warn("version {} is activated, and {}", version.shortSha(), reason);
    }
    return null;
  }

  private @Nullable Model refuse(ModelVersion version, String reason, @Nullable Manifest manifest) {
    if (isNews(version, new Refusal(reason, manifest))) {
      refusals.incrementAndGet();
      log.error(
          "version {} is refused, what served before goes on serving: {}",
          version.shortSha(),
          reason);
    }
    return null;
  }

  /** Remembers why a version does not serve; false where that was the reason before, too. */
  private boolean isNews(ModelVersion version, Refusal refusal) {
    Refusal before = refused.get(version);
    refused.put(version, refusal);
    return before == null || !before.reason().equals(refusal.reason());
  }

  /** Throws {@link InvalidModelException} where a version takes what is not read of the events. */
  public static void requireInputs(Model model, List<String> covariates) {
    List<String> unread = new ArrayList<>(model.specification().inputs().covariateNames());
    unread.removeAll(covariates);
    if (!unread.isEmpty()) {
      throw new InvalidModelException(
          "it takes the covariates %s, which events.covariates does not name",
          String.join(", ", unread));
    }
  }
}
