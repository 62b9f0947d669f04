package io.eddy.rollout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Ed25519 keys (RFC 8032) and signatures of manifests. The signed message, with big-endian numbers
 * and UTF-8 strings, is:
 *
 * <pre>
 *   16  the ASCII characters "eddy manifest 1" and a zero byte
 *    4  length of the model's name, then the name
 *   32  version: SHA-256 of the model file
 *    8  size of the file          4  number of parts
 *    4  length of the specification, then the specification
 * </pre>
 *
 * The time of publication is not signed, so that a file can be published again with its signature.
 */
public final class SigningKeys {
  private static final String ALGORITHM = "Ed25519";
  private static final byte[] DOMAIN = "eddy manifest 1\0".getBytes(StandardCharsets.US_ASCII);

  /** X.509 prefix of the 32 bytes of a public key. */
  private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  private SigningKeys() {}

  /** Generates a key pair. */
  public static KeyPair generate() {
    try {
      return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  /** Encodes a public key: its 32 bytes in Base64. */
  public static String encode(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return Base64.getEncoder()
        .encodeToString(Arrays.copyOfRange(encoded, X509.length, encoded.length));
  }

  /** Encodes a private key in PEM (PKCS#8), like OpenSSL. */
  public static String encode(PrivateKey key) {
    return BEGIN
        + "\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
        + "\n"
        + END
        + "\n";
  }

  /**
   * Decodes a public key.
   *
   * @throws IllegalArgumentException if the text is not 32 bytes in Base64
   */
  public static PublicKey publicKey(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (bytes.length != 32) {
        throw new IllegalArgumentException("expected 32 bytes, got %d".formatted(bytes.length));
      }
      byte[] encoded = Arrays.copyOf(X509, X509.length + bytes.length);
      System.arraycopy(bytes, 0, encoded, X509.length, bytes.length);
      return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "public key: expected 32 bytes in Base64, got '%s'".formatted(text), e);
    }
  }

  /**
   * Decodes a private key.
   *
   * @throws IllegalArgumentException if the text is not an Ed25519 key in PEM
   */
  public static PrivateKey privateKey(String text) {
    int begin = text.indexOf(BEGIN);
    int end = begin < 0 ? -1 : text.indexOf(END, begin + BEGIN.length());
    if (end < 0) {
      throw new IllegalArgumentException("expected a private key in PEM: " + BEGIN);
    }
    try {
      byte[] encoded = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
      return KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException("expected an Ed25519 key, PKCS#8 in PEM", e);
    }
  }

  /** Returns the manifest with a signature. */
  public static Manifest sign(Manifest manifest, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(message(manifest));
      return manifest.withSignature(Base64.getEncoder().encodeToString(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  /** Returns whether the manifest is signed by a key. */
  public static boolean isSignedBy(Manifest manifest, PublicKey key) {
    String text = manifest.signature();
    if (text == null) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(message(manifest));
      return signature.verify(Base64.getDecoder().decode(text));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Not a signature.
      return false;
    }
  }

  /** Returns the signed message. */
  static byte[] message(Manifest manifest) {
    byte[] model = manifest.model().getBytes(StandardCharsets.UTF_8);
    byte[] specification = manifest.specification().getBytes(StandardCharsets.UTF_8);
    byte[] digest = manifest.version().digest();
    ByteBuffer bytes =
        ByteBuffer.allocate(
            DOMAIN.length
                + Integer.BYTES
                + model.length
                + digest.length
                + Long.BYTES
                + 2 * Integer.BYTES
                + specification.length);
    bytes.put(DOMAIN).putInt(model.length).put(model).put(digest);
    bytes.putLong(manifest.size()).putInt(manifest.parts());
    bytes.putInt(specification.length).put(specification);
    return bytes.array();
  }

  private static IllegalStateException unavailable(GeneralSecurityException e) {
    return new IllegalStateException("Ed25519 is unavailable; a JDK of at least 15 has it", e);
  }
}
