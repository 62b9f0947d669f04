package io.eddy.rollout;

import io.eddy.model.InvalidModelException;
import java.security.PublicKey;
import java.util.List;

/**
 * Limits on the versions that are loaded.
 *
 * @param maxBytes maximum size of the file
 * @param trusted keys of which one must have signed the manifest; empty to accept unsigned versions
 */
public record ModelLimits(long maxBytes, List<PublicKey> trusted) {
  /** No limits. */
  public static final ModelLimits NONE = new ModelLimits(Manifest.MAX_SIZE, List.of());

  public ModelLimits {
    if (maxBytes < 1 || maxBytes > Manifest.MAX_SIZE) {
      throw new IllegalArgumentException(
          "expected 1 to %d bytes, got %d".formatted(Manifest.MAX_SIZE, maxBytes));
    }
    trusted = List.copyOf(trusted);
  }

  /**
   * Checks the size and the signature of a version.
   *
   * @throws InvalidModelException if it must not be loaded
   */
  public void check(Manifest manifest) {
    checkSize(manifest.size());
    if (trusted.isEmpty()
        || trusted.stream().anyMatch(key -> SigningKeys.isSignedBy(manifest, key))) {
      return;
    }
    throw new InvalidModelException(
        manifest.signature() == null
            ? "not signed, but models.trusted-keys requires a signature"
            : "the signature is invalid or by a key that is not in models.trusted-keys");
  }

  /**
   * Checks the size of a file.
   *
   * @throws InvalidModelException if it exceeds the limit
   */
  public void checkSize(long bytes) {
    if (bytes > maxBytes) {
      throw new InvalidModelException(
          "the file has %d bytes, models.max-bytes is %d", bytes, maxBytes);
    }
  }
}
