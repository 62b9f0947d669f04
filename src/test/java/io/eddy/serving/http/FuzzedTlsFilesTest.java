package io.eddy.serving.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.eddy.embedded.TestCertificate;
import io.eddy.fuzz.DecoderFuzzer;
import io.eddy.kafka.config.HttpSettings.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutated certificates and keys, such as half-written ones: each is read or rejected. */
final class FuzzedTlsFilesTest {
  @TempDir Path folder;

  private static final char[] PASSWORD = TestCertificate.PASSWORD.toCharArray();

  private Path keyStore() {
    return TestCertificate.authority("CN=eddy")
        .sign("CN=server", Instant.now().plus(Duration.ofDays(1)), "localhost")
        .writeKeyStore(folder.resolve("valid.p12"));
  }

  private void fuzz(byte[] valid, int rounds, @Nullable Password password) {
    Path file = folder.resolve("mutated");
    new DecoderFuzzer(rounds, HttpListenerException.class)
        .fuzz(
            bytes -> {
              Files.write(file, bytes);
              var unused = TlsFileReader.keyManager(new TlsFiles(file, null, password));
            },
            List.of(valid));
  }

  @Test
  void pem() throws Exception {
    KeyStore store = KeyStore.getInstance(keyStore().toFile(), PASSWORD);
    String alias = store.aliases().nextElement();
    String pem =
        block("CERTIFICATE", store.getCertificate(alias).getEncoded())
            + block("PRIVATE KEY", store.getKey(alias, PASSWORD).getEncoded());
    fuzz(pem.getBytes(US_ASCII), 150, null);
  }

  private static String block(String type, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, Base64.getMimeEncoder().encodeToString(content), type);
  }

  /** Few: reading a key store hashes its password many times. */
  @Test
  void keyStores() throws IOException {
    fuzz(Files.readAllBytes(keyStore()), 15, new Password(TestCertificate.PASSWORD));
  }
}
