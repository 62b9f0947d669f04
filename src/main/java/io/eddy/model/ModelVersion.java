package io.eddy.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Identity of one trained file: the SHA-256 of its bytes. People see it as 64 lower-case
 * hexadecimal digits; records hold its bytes, which are made once, since every event writes them.
 */
public final class ModelVersion implements Comparable<ModelVersion> {
  private static final int SHORT_LENGTH = 12;
  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");

  private final String sha;
  private final byte[] digest;

  /** The version of those digits. */
  public ModelVersion(String sha) {
    if (!DIGITS.matcher(sha).matches()) {
      throw new IllegalArgumentException(
          "model version: expected 64 hexadecimal digits, got '" + sha + "'");
    }
    this.sha = sha;
    digest = HexFormat.of().parseHex(sha);
  }

  /** Whether these are the digits of a version. */
  public static boolean isSha(String text) {
    return DIGITS.matcher(text).matches();
  }

  /** The version of a file. */
  public static ModelVersion of(byte[] file) {
    try {
      return ofDigest(MessageDigest.getInstance("SHA-256").digest(file));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The version of those 32 bytes. */
  public static ModelVersion ofDigest(byte[] digest) {
    return new ModelVersion(HexFormat.of().formatHex(digest));
  }

  /** The digits. */
  public String sha() {
    return sha;
  }

  /** The 32 bytes; not a copy, and not to be modified. */
  public byte[] digest() {
    return digest;
  }

  /** The first {@value #SHORT_LENGTH} digits, for people. */
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
