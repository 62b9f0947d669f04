package io.eddy.rollout;

import io.eddy.model.ModelVersion;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The manifest of a published version.
 *
 * @param model the model's name
 * @param size bytes of the model file
 * @param parts number of parts
 * @param specification the specification's JSON
 * @param signature by a key of {@link SigningKeys}, in Base64; null if not signed
 * @param contextFit report on the choice of the context length, as JSON; null if none exists
 */
public record Manifest(
    String model,
    ModelVersion version,
    long size,
    int parts,
    String specification,
    Instant publishedAt,
    @Nullable String signature,
    @Nullable String contextFit) {
  /** Maximum size of a model file, bytes. */
  public static final long MAX_SIZE = 256L << 20;

  /** Size of a part, bytes; below the default message limit of brokers. */
  public static final int PART_SIZE = 512 << 10;

  /** Creates a manifest without a signature and a report. */
  public Manifest(
      String model,
      ModelVersion version,
      long size,
      int parts,
      String specification,
      Instant publishedAt) {
    this(model, version, size, parts, specification, publishedAt, null, null);
  }

  /** Returns this manifest with another signature. */
  public Manifest withSignature(@Nullable String signature) {
    return new Manifest(
        model, version, size, parts, specification, publishedAt, signature, contextFit);
  }

  /** Returns this manifest with a report on the context length. */
  public Manifest withContextFit(@Nullable String json) {
    return new Manifest(model, version, size, parts, specification, publishedAt, signature, json);
  }

  /** Returns whether another manifest describes the same file, regardless of time and signature. */
  public boolean isSameFile(Manifest other) {
    return model.equals(other.model)
        && version.equals(other.version)
        && size == other.size
        && specification.equals(other.specification);
  }

  public Manifest {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException(
          "model size: expected 1 to %d bytes, got %d".formatted(MAX_SIZE, size));
    }
    if (parts != (size + PART_SIZE - 1) / PART_SIZE) {
      throw new IllegalArgumentException(
          "model parts: expected %d for %d bytes, got %d"
              .formatted((size + PART_SIZE - 1) / PART_SIZE, size, parts));
    }
  }
}
