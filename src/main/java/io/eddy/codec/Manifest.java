package io.eddy.codec;

import io.eddy.model.ModelVersion;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A published version as its manifest tells.
 *
 * @param model the model's name
 * @param size bytes of the model file
 * @param parts number of parts
 * @param specification the specification's JSON
 * @param signature by a key of {@link SigningKeys}, in Base64; null where it is not signed
 */
public record Manifest(
    String model,
    ModelVersion version,
    long size,
    int parts,
    String specification,
    Instant publishedAt,
    @Nullable String signature) {
  /** Largest model file that is taken. */
  public static final long MAX_SIZE = 256L << 20;

  /** Largest part, so that no broker's message limit needs raising. */
  public static final int PART_SIZE = 512 << 10;

  /** Of a version that is not signed. */
  public Manifest(
      String model,
      ModelVersion version,
      long size,
      int parts,
      String specification,
      Instant publishedAt) {
    this(model, version, size, parts, specification, publishedAt, null);
  }

  /** The same with another signature. */
  public Manifest signed(@Nullable String signature) {
    return new Manifest(model, version, size, parts, specification, publishedAt, signature);
  }

  /**
   * Whether the other one says the same of the same file, whenever and by whom it was published.
   */
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
