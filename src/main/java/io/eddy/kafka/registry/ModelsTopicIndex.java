package io.eddy.kafka.registry;

import io.eddy.kafka.record.ModelRecords;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Manifest;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * An index of the models topic: the manifests and the offsets of the parts. Parts are read on
 * demand, because all of them together may not fit into memory.
 */
final class ModelsTopicIndex {
  private final TopicReader reader;
  private final String topic;
  private final ModelRecords records = new ModelRecords();
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final Map<String, byte[]> manifests = new LinkedHashMap<>();
  private final Map<String, Long> parts = new LinkedHashMap<>();

  ModelsTopicIndex(TopicReader reader, String topic) {
    this.reader = reader;
    this.topic = topic;
  }

  /** Reads the records written since the last refresh. */
  synchronized void refresh() {
    Map<TopicPartition, Long> ends = reader.endOffsets(topic);
    reader.read(
        positions,
        ends,
        record -> {
          if (record.key() != null) {
            put(new String(record.key(), StandardCharsets.UTF_8), record.value(), record.offset());
          }
        });
    positions.putAll(ends);
  }

  private void put(String key, byte @Nullable [] value, long offset) {
    manifests.remove(key);
    parts.remove(key);
    if (value == null) {
      return;
    }
    if (ModelRecords.isPartKey(key)) {
      parts.put(key, offset);
    } else {
      manifests.put(key, value);
    }
  }

  /** Returns the versions with a manifest, in the order of publication. */
  synchronized List<PublishedVersion> versions() {
    List<PublishedVersion> versions = new ArrayList<>();
    manifests.forEach(
        (key, value) -> {
          try {
            Manifest manifest = records.decodeManifest(key, value);
            versions.add(new PublishedVersion(manifest, missingParts(manifest)));
          } catch (InvalidRecordException e) {
            // The forecaster logs it.
          }
        });
    return versions;
  }

  private int missingParts(Manifest manifest) {
    int missing = 0;
    for (int index = 0; index < manifest.parts(); index++) {
      missing += parts.containsKey(ModelRecords.partKey(manifest.version(), index)) ? 0 : 1;
    }
    return missing;
  }

  synchronized Optional<PublishedVersion> find(ModelVersion version) {
    return versions().stream()
        .filter(published -> published.manifest().version().equals(version))
        .findFirst();
  }

  /** Returns the versions with parts but no manifest, with their number of parts. */
  synchronized Map<ModelVersion, Integer> withoutManifest() {
    Map<ModelVersion, Integer> found = new LinkedHashMap<>();
    for (String key : parts.keySet()) {
      String sha = key.substring(0, key.indexOf('/'));
      if (!manifests.containsKey(sha) && ModelVersion.isSha(sha)) {
        found.merge(new ModelVersion(sha), 1, Integer::sum);
      }
    }
    return found;
  }

  /** Returns the keys of a version's records, the manifest first. */
  synchronized List<String> keys(ModelVersion version) {
    List<String> keys = new ArrayList<>();
    String manifest = ModelRecords.manifestKey(version);
    if (manifests.containsKey(manifest)) {
      keys.add(manifest);
    }
    parts.keySet().stream().filter(key -> key.startsWith(manifest + "/")).forEach(keys::add);
    return keys;
  }

  /**
   * Returns the values of a version's parts by key. Reads them from the topic at the first call.
   */
  Function<String, byte @Nullable []> records(Manifest manifest) {
    Map<String, byte[]> values = new HashMap<>();
    boolean[] isRead = {false};
    return key -> {
      if (!isRead[0]) {
        values.putAll(read(manifest));
        isRead[0] = true;
      }
      return values.get(key);
    };
  }

  /** Reads the parts of a version; returns none if a part is missing. */
  private synchronized Map<String, byte[]> read(Manifest manifest) {
    if (missingParts(manifest) > 0) {
      return Map.of();
    }
    Map<String, Long> offsets = new LinkedHashMap<>();
    for (int index = 0; index < manifest.parts(); index++) {
      String key = ModelRecords.partKey(manifest.version(), index);
      offsets.put(key, parts.getOrDefault(key, 0L));
    }
    Map<Long, byte[]> values = reader.values(new TopicPartition(topic, 0), offsets.values());
    Map<String, byte[]> found = new HashMap<>();
    offsets.forEach(
        (key, offset) -> {
          byte[] value = values.get(offset);
          if (value != null) {
            found.put(key, value);
          }
        });
    return found;
  }
}
