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
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the models topic holds: the manifests, and where the parts lie. The parts themselves are
 * read when a version is wanted, since all of them may be far more than fits into memory.
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

  /** Reads what came since the last time. */
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

  /** The versions that have a manifest, in the order of publication. */
  synchronized List<ModelRegistry.Entry> entries() {
    List<ModelRegistry.Entry> entries = new ArrayList<>();
    manifests.forEach(
        (key, value) -> {
          try {
            Manifest manifest = records.decodeManifest(key, value);
            entries.add(new ModelRegistry.Entry(manifest, missingParts(manifest)));
          } catch (InvalidRecordException e) {
            // Left to the forecaster's log: a foreign record is no version.
          }
        });
    return entries;
  }

  private int missingParts(Manifest manifest) {
    int missing = 0;
    for (int index = 0; index < manifest.parts(); index++) {
      missing += parts.containsKey(ModelRecords.partKey(manifest.version(), index)) ? 0 : 1;
    }
    return missing;
  }

  synchronized Optional<ModelRegistry.Entry> find(ModelVersion version) {
    return entries().stream()
        .filter(entry -> entry.manifest().version().equals(version))
        .findFirst();
  }

  /** The versions of which there are parts and no manifest, with how many parts. */
  synchronized Map<ModelVersion, Integer> torn() {
    Map<ModelVersion, Integer> torn = new LinkedHashMap<>();
    for (String key : parts.keySet()) {
      String sha = key.substring(0, key.indexOf('/'));
      if (!manifests.containsKey(sha) && ModelVersion.isSha(sha)) {
        torn.merge(new ModelVersion(sha), 1, Integer::sum);
      }
    }
    return torn;
  }

  /** The keys of a version's records, its manifest's first. */
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
   * The bytes of a version's file.
   *
   * @return null while a part is missing
   * @throws io.eddy.model.InvalidModelException where the bytes are not those of the version
   */
  synchronized byte @Nullable [] file(Manifest manifest) {
    if (missingParts(manifest) > 0) {
      return null;
    }
    Map<String, Long> wanted = new LinkedHashMap<>();
    for (int index = 0; index < manifest.parts(); index++) {
      String key = ModelRecords.partKey(manifest.version(), index);
      wanted.put(key, parts.getOrDefault(key, 0L));
    }
    Map<Long, byte[]> values = reader.values(new TopicPartition(topic, 0), wanted.values());
    return records.assemble(manifest, key -> values.get(wanted.getOrDefault(key, -1L)));
  }
}
