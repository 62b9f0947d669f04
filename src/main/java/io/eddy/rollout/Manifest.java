package io.eddy.rollout;

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
 * @param contextFit how well the model's context is chosen for some data, as JSON; null where that
 *     was not looked at
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
  /** Largest model file that is taken. */
  public static final long MAX_SIZE = 256L << 20;

  /** Largest part, so that no broker's message limit needs raising. */
  public static final int PART_SIZE = 512 << 10;

  /** Of a version of whose context nothing is said. */
  public Manifest(
      String model,
      ModelVersion version,
      long size,
      int parts,
      String specification,
      Instant publishedAt,
      @Nullable String signature) {
    this(model, version, size, parts, specification, publishedAt, signature, null);
  }

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
    return new Manifest(
        model, version, size, parts, specification, publishedAt, signature, contextFit);
  }

  /** The same with what is known of its context. */
  public Manifest withContextFit(@Nullable String json) {
    return new Manifest(model, version, size, parts, specification, publishedAt, signature, json);
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
