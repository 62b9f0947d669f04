package io.eddy.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eddy.model.ModelVersion;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Instant;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Uses the first test key of RFC 8032; message and signature are from another program. */
final class SigningKeysTest {
  private static final String PRIVATE =
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
      -----END PRIVATE KEY-----
      """;
  private static final String PUBLIC = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  private static final String MESSAGE =
      "65646479206d616e69666573742031000000000a73656e736f72732dc3bc4bf5122f344554c5"
          + "3bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a00000000000927c0000000020000"
          + "000e7b226e6574776f726b223a7b7d7d";
  private static final String SIGNATURE =
      "tn68IlEWp+nCVFsOCrHQGYiYiGgSuE1w0Rp6pLm9ioySeOm6pFHE2Ak74KFBGxU52U3fNhJVSt0c"
          + "Pc0tKSxFAA==";

  private static final ModelVersion VERSION = ModelVersion.of(new byte[] {1});
  private static final Manifest MANIFEST =
      new Manifest("sensors-ü", VERSION, 600_000, 2, "{\"network\":{}}", Instant.EPOCH);

  @Test
  void messageMatchesReference() {
    assertThat(HexFormat.of().formatHex(SigningKeys.message(MANIFEST))).isEqualTo(MESSAGE);
  }

  @Test
  void signatureMatchesReference() {
    Manifest signed = SigningKeys.sign(MANIFEST, SigningKeys.privateKey(PRIVATE));

    assertThat(signed.signature()).isEqualTo(SIGNATURE);
    assertThat(SigningKeys.isSignedBy(signed, SigningKeys.publicKey(PUBLIC))).isTrue();
  }

  static Stream<Manifest> altered() {
    Instant now = Instant.EPOCH;
    ModelVersion other = ModelVersion.of(new byte[] {2});
    return Stream.of(
        new Manifest("sensors-u", VERSION, 600_000, 2, "{\"network\":{}}", now, SIGNATURE, null),
        new Manifest("sensors-ü", other, 600_000, 2, "{\"network\":{}}", now, SIGNATURE, null),
        new Manifest("sensors-ü", VERSION, 600_001, 2, "{\"network\":{}}", now, SIGNATURE, null),
        new Manifest("sensors-ü", VERSION, 600_000, 2, "{\"network\":[]}", now, SIGNATURE, null),
        MANIFEST,
        MANIFEST.withSignature(""),
        MANIFEST.withSignature("no Base64"),
        MANIFEST.withSignature("AAAA" + SIGNATURE.substring(4)),
        MANIFEST.withSignature(SIGNATURE.substring(4)));
  }

  @ParameterizedTest
  @MethodSource("altered")
  void rejectsSignatureOfAlteredManifest(Manifest manifest) {
    assertThat(SigningKeys.isSignedBy(manifest, SigningKeys.publicKey(PUBLIC))).isFalse();
  }

  @Test
  void acceptsSignatureWithOtherPublicationTime() {
    Manifest later =
        new Manifest(
            "sensors-ü", VERSION, 600_000, 2, "{\"network\":{}}", Instant.MAX, SIGNATURE, null);

    assertThat(SigningKeys.isSignedBy(later, SigningKeys.publicKey(PUBLIC))).isTrue();
  }

  @Test
  void roundTripsGeneratedKeys() {
    KeyPair pair = SigningKeys.generate();
    PublicKey other = SigningKeys.generate().getPublic();

    Manifest signed =
        SigningKeys.sign(MANIFEST, SigningKeys.privateKey(SigningKeys.encode(pair.getPrivate())));

    assertThat(SigningKeys.publicKey(SigningKeys.encode(pair.getPublic())))
        .isEqualTo(pair.getPublic());
    assertThat(SigningKeys.isSignedBy(signed, pair.getPublic())).isTrue();
    assertThat(SigningKeys.isSignedBy(signed, other)).isFalse();
  }

  @Test
  void rejectsInvalidKeys() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKeys.publicKey("AAAA"))
        .withMessage("public key: expected 32 bytes in Base64, got 'AAAA'");
    assertThatIllegalArgumentException().isThrownBy(() -> SigningKeys.publicKey("not a key"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKeys.privateKey(PUBLIC))
        .withMessage("expected a private key in PEM: -----BEGIN PRIVATE KEY-----");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKeys.privateKey(PRIVATE.replace("MC4C", "AAAA")))
        .withMessage("expected an Ed25519 key, PKCS#8 in PEM");
  }
}
