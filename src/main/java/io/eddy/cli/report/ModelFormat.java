package io.eddy.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.eddy.kafka.record.ModelRecords;
import io.eddy.rollout.Manifest;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Formats manifests and parts of model files. A tombstone deletes one of them. */
public final class ModelFormat implements TopicFormat {
  private final ModelRecords records = new ModelRecords();

  @Override
  public String line(ConsumerRecord<byte[], byte[]> record) {
    String key = TopicFormat.key(record);
    if (record.value() == null) {
      return "deleted " + shorten(key);
    }
    if (ModelRecords.isPartKey(key)) {
      return "part %s: %d bytes".formatted(shorten(key), record.value().length);
    }
    Manifest manifest = records.decodeManifest(key, record.value());
    return "%s  version %s of model %s: %d bytes, parts: %d, %s"
        .formatted(
            manifest.publishedAt(),
            manifest.version().shortSha(),
            manifest.model(),
            manifest.size(),
            manifest.parts(),
            manifest.signature() == null ? "not signed" : "signed");
  }

  /** Shortens the hash that a key begins with. */
  private static String shorten(String key) {
    return key.replaceFirst("^([0-9a-f]{12})[0-9a-f]{52}", "$1");
  }

  @Override
  public String json(ConsumerRecord<byte[], byte[]> record) {
    String key = TopicFormat.key(record);
    if (record.value() == null) {
      return Json.write(Map.of("key", key, "deleted", true));
    }
    if (ModelRecords.isPartKey(key)) {
      return Json.write(new Part(key, record.value().length));
    }
    Manifest manifest = records.decodeManifest(key, record.value());
    return Json.write(
        new Published(
            manifest.version().sha(),
            manifest.model(),
            manifest.size(),
            manifest.parts(),
            manifest.publishedAt().toString(),
            manifest.signature(),
            manifest.contextFit() == null ? null : Json.parse(manifest.contextFit()),
            Json.parse(manifest.specification())));
  }

  private record Part(String part, long bytes) {}

  @JsonInclude(Include.NON_NULL)
  private record Published(
      String version,
      String model,
      long size,
      int parts,
      String publishedAt,
      @Nullable String signature,
      @Nullable Object contextFit,
      Object specification) {}
}
