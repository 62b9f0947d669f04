package io.eddy.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Version of a model: the SHA-256 of its file. It is displayed as 64 lower-case hexadecimal digits.
 * Records hold the 32 bytes, which are kept here because every event writes them.
 */
public final class ModelVersion implements Comparable<ModelVersion> {
  private static final int SHORT_LENGTH = 12;
  private static final int DIGEST_BYTES = 32;
  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");

  private final String sha;
  private final byte[] digest;

  /** Creates a version from 64 lower-case hexadecimal digits. */
  public ModelVersion(String sha) {
    if (!DIGITS.matcher(sha).matches()) {
      throw new IllegalArgumentException(
          "model version: expected 64 hexadecimal digits, got '" + sha + "'");
    }
    this.sha = sha;
    digest = HexFormat.of().parseHex(sha);
  }

  private ModelVersion(String sha, byte[] digest) {
    this.sha = sha;
    this.digest = digest;
  }

  /** Returns whether the text is a version: 64 lower-case hexadecimal digits. */
  public static boolean isSha(String text) {
    return DIGITS.matcher(text).matches();
  }

  /** Computes the version of a file. */
  public static ModelVersion of(byte[] file) {
    try {
      return ofDigest(MessageDigest.getInstance("SHA-256").digest(file));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Creates a version from its 32 bytes. */
  public static ModelVersion ofDigest(byte[] digest) {
    if (digest.length != DIGEST_BYTES) {
      throw new IllegalArgumentException(
          "model version: expected %d bytes, got %d".formatted(DIGEST_BYTES, digest.length));
    }
    return new ModelVersion(HexFormat.of().formatHex(digest), digest.clone());
  }

  /** Returns the 64 digits. */
  public String sha() {
    return sha;
  }

  /** Returns the 32 bytes; not a copy, and not to be modified. */
  public byte[] digest() {
    return digest;
  }

  /** Returns the first {@value #SHORT_LENGTH} digits, for display. */
  public String shortSha() {
    return sha.substring(0, SHORT_LENGTH);
  }

  @Override
  public int compareTo(ModelVersion other) {
    return sha.compareTo(other.sha);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelVersion version && sha.equals(version.sha);
  }

  @Override
  public int hashCode() {
    return sha.hashCode();
  }

  @Override
  public String toString() {
    return sha;
  }
}
