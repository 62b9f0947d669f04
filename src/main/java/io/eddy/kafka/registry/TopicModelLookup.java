package io.eddy.kafka.registry;

import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds models on the models topic. Reads the topic once for every version requested and keeps
 * nothing else, because the topic may be far larger than the versions in use.
 */
public final class TopicModelLookup implements ModelLookup {
  private final TopicReader reader;
  private final String topic;
  private final ModelCatalog catalog;
  private final Set<ModelVersion> missing = new HashSet<>();

  public TopicModelLookup(TopicReader reader, StreamSettings stream) {
    this.reader = reader;
    topic = stream.topics().models();
    catalog = new ModelCatalog(ModelLoader.of(stream));
  }

  @Override
  public @Nullable Model find(ModelVersion version) {
    if (missing.contains(version)) {
      return null;
    }
    Model model = catalog.find(version, new Records(version));
    if (model == null) {
      missing.add(version);
    }
    return model;
  }

  /** The records of one version, read at the first call. */
  private final class Records implements Function<String, byte @Nullable []> {
    private final ModelVersion version;
    private @Nullable Map<String, byte[]> records;

    Records(ModelVersion version) {
      this.version = version;
    }

    @Override
    public byte @Nullable [] apply(String key) {
      if (records == null) {
        records = read();
      }
      return records.get(key);
    }

    private Map<String, byte[]> read() {
      Map<String, byte[]> found = new HashMap<>();
      reader.read(
          topic,
          record -> {
            if (record.key() == null) {
              return;
            }
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (!key.startsWith(version.sha())) {
              return;
            }
            if (record.value() == null) {
              found.remove(key);
            } else {
              found.put(key, record.value());
            }
          });
      return found;
    }
  }
}
