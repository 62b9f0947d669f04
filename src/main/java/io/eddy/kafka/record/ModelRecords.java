package io.eddy.kafka.record;

import io.eddy.codec.avro.ModelManifest;
import io.eddy.codec.avro.ModelPart;
import io.eddy.kafka.schema.SingleObjectEncoding;
import io.eddy.model.InvalidModelException;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Manifest;
import io.eddy.series.InvalidRecordException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes records of the models topic: the parts of a model file under {@code
 * sha/index}, followed by the manifest under {@code sha}. A version is complete once its manifest
 * and all parts are present.
 */
public final class ModelRecords {
  private final SingleObjectEncoding<ModelManifest> manifests =
      new SingleObjectEncoding<>(ModelManifest.getClassSchema());
  private final SingleObjectEncoding<ModelPart> parts =
      new SingleObjectEncoding<>(ModelPart.getClassSchema());

  /** Returns whether a record with this key is a part and not a manifest. */
  public static boolean isPartKey(String key) {
    return key.indexOf('/') >= 0;
  }

  public static String manifestKey(ModelVersion version) {
    return version.sha();
  }

  public static String partKey(ModelVersion version, int index) {
    return version.sha() + "/" + index;
  }

  public byte[] encodeManifest(Manifest manifest) {
    return manifests.encode(
        new ModelManifest(
            manifest.model(),
            manifest.size(),
            manifest.parts(),
            manifest.specification(),
            manifest.publishedAt(),
            manifest.signature(),
            manifest.contextFit()));
  }

  /**
   * Decodes a manifest.
   *
   * @throws InvalidRecordException if key and value are not a manifest
   */
  public Manifest decodeManifest(String key, byte[] value) {
    ModelManifest message = manifests.decode(value);
    try {
      return new Manifest(
          message.getModel(),
          new ModelVersion(key),
          message.getSize(),
          message.getParts(),
          message.getSpecification(),
          Instant.ofEpochMilli(message.getPublishedAt().toEpochMilli()),
          message.getSignature(),
          message.getContextFit());
    } catch (IllegalArgumentException e) {
      throw new InvalidRecordException("manifest: %s", e.getMessage());
    }
  }

  /** Encodes part {@code index} of a file. */
  public byte[] encodePart(byte[] file, int index) {
    int from = index * Manifest.PART_SIZE;
    int to = Math.min(file.length, from + Manifest.PART_SIZE);
    return parts.encode(new ModelPart(ByteBuffer.wrap(Arrays.copyOfRange(file, from, to))));
  }

  /**
   * Assembles a file from its parts.
   *
   * @param read returns the value of a key, or null
   * @return the file, or null if a part is missing
   * @throws InvalidModelException if the hash of the file is not the version's
   */
  public byte @Nullable [] assemble(Manifest manifest, Function<String, byte @Nullable []> read) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (int index = 0; index < manifest.parts(); index++) {
      byte[] value = read.apply(partKey(manifest.version(), index));
      if (value == null) {
        return null;
      }
      file.writeBytes(parts.decode(value).getBytes().array());
    }
    byte[] bytes = file.toByteArray();
    if (!ModelVersion.of(bytes).equals(manifest.version())) {
      throw new InvalidModelException(
          "the parts on the topic have hash %s, expected %s",
          ModelVersion.of(bytes).shortSha(), manifest.version().shortSha());
    }
    return bytes;
  }
}
