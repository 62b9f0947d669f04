package io.eddy.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Identity of one trained file: the SHA-256 of its bytes, as 64 lower-case hexadecimal digits.
 *
 * @param sha the digits
 */
public record ModelVersion(String sha) implements Comparable<ModelVersion> {
  private static final int SHORT_LENGTH = 12;
  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");

  public ModelVersion {
    if (!DIGITS.matcher(sha).matches()) {
      throw new IllegalArgumentException(
          "model version: expected 64 hexadecimal digits, got '" + sha + "'");
    }
  }

  /** The version of a file. */
  public static ModelVersion of(byte[] file) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
      return new ModelVersion(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The first {@value #SHORT_LENGTH} digits, for people. */
  public String shortSha() {
    return sha.substring(0, SHORT_LENGTH);
  }

  @Override
  public int compareTo(ModelVersion other) {
    return sha.compareTo(other.sha);
  }
}
