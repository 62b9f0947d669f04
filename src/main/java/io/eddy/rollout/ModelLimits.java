package io.eddy.rollout;

import io.eddy.model.InvalidModelException;
import java.security.PublicKey;
import java.util.List;

/**
 * What a version has to be like beside sound.
 *
 * @param maxBytes largest file that is loaded
 * @param trusted keys of which one must have signed the manifest; where there are none, nothing
 *     needs to be signed
 */
public record ModelLimits(long maxBytes, List<PublicKey> trusted) {
  /** Whatever is published. */
  public static final ModelLimits NONE = new ModelLimits(Manifest.MAX_SIZE, List.of());

  public ModelLimits {
    if (maxBytes < 1 || maxBytes > Manifest.MAX_SIZE) {
      throw new IllegalArgumentException(
          "expected 1 to %d bytes, got %d".formatted(Manifest.MAX_SIZE, maxBytes));
    }
    trusted = List.copyOf(trusted);
  }

  /** Throws {@link InvalidModelException} where the version is not to be loaded. */
  public void check(Manifest manifest) {
    checkSize(manifest.size());
    if (trusted.isEmpty()
        || trusted.stream().anyMatch(key -> SigningKeys.isSignedBy(manifest, key))) {
      return;
    }
    throw new InvalidModelException(
        manifest.signature() == null
            ? "it is not signed, and models.trusted-keys demands it"
            : "its signature is by none of models.trusted-keys, or over something else");
  }

  /** Throws {@link InvalidModelException} where a file of that size is not to be loaded. */
  public void checkSize(long bytes) {
    if (bytes > maxBytes) {
      throw new InvalidModelException(
          "it has %d bytes, and models.max-bytes allows %d", bytes, maxBytes);
    }
  }
}
