package io.eddy.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eddy.fuzz.DecoderFuzzer;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mutated keys and signatures. */
final class FuzzedSigningKeysTest {
  private final DecoderFuzzer fuzzer = new DecoderFuzzer(1000, IllegalArgumentException.class);
  private final KeyPair keys = SigningKeys.generate();

  @Test
  void publicKeys() {
    fuzzer.fuzz(
        text -> SigningKeys.publicKey(new String(text, UTF_8)),
        List.of(SigningKeys.encode(keys.getPublic()).getBytes(UTF_8)));
  }

  @Test
  void privateKeys() {
    fuzzer.fuzz(
        text -> SigningKeys.privateKey(new String(text, UTF_8)),
        List.of(
            SigningKeys.encode(keys.getPrivate()).getBytes(UTF_8),
            "-----BEGIN PRIVATE KEY-----END PRIVATE KEY-----".getBytes(UTF_8)));
  }
}
