package io.eddy.stream;

import io.eddy.codec.InvalidRecordException;
import io.eddy.codec.Manifest;
import io.eddy.codec.ModelRecords;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelFile;
import io.eddy.model.ModelVersion;
import io.eddy.model.RecentVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decoded versions of one process, shared by its stream threads: those asked for last.
 *
 * <p>A version that is not among them is decoded when a series asks for it. One that is unsound is
 * refused and not looked at again, since its bytes are its name; one that is not whole yet is
 * looked for again after the next change of the models topic.
 */
final class ModelCatalog {
  private static final Logger log = LoggerFactory.getLogger(ModelCatalog.class);

  /** More than serve at a time, even where series are days apart; some megabytes each. */
  private static final int CAPACITY = 16;

  private final List<String> covariates;
  private final ModelRecords records = new ModelRecords();
  private final RecentVersions<Model> sound = new RecentVersions<>(CAPACITY);
  private final RecentVersions<String> refused = new RecentVersions<>(CAPACITY);
  private final AtomicLong changes = new AtomicLong();

  /**
   * Nothing decoded yet.
   *
   * @param covariates that are read of the events
   */
  ModelCatalog(List<String> covariates) {
    this.covariates = covariates;
  }

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
  synchronized @Nullable Model find(
      ModelVersion version, Function<String, byte @Nullable []> read) {
    Model known = sound.get(version);
    return known != null || refused.get(version) != null ? known : load(version, read);
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
      warnOfUnread(model);
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

  private void warnOfUnread(Model model) {
    List<String> unread = new ArrayList<>(model.specification().inputs().covariateNames());
    unread.removeAll(covariates);
    if (!unread.isEmpty()) {
      log.warn(
          "version {} takes the covariates {}, which events.covariates does not name:"
              + " to it they are missing",
          model.version().shortSha(),
          String.join(", ", unread));
    }
  }
}
