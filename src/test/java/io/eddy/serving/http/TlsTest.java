package io.eddy.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.kafka.config.HttpSettings;
import io.eddy.kafka.config.HttpSettings.TlsFiles;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with certificates that the JDK's keytool generates. */
class TlsTest {
  private static final String PASSWORD = "keystore-password";
  private static final Base64.Encoder BASE64 =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  @TempDir private static Path folder;
  private static KeyStore store;

  @BeforeAll
  static void generate() throws Exception {
    store = generate("EC");
  }

  private static KeyStore generate(String algorithm) throws Exception {
    Path file = keystore(algorithm);
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(output).isZero();
    KeyStore loaded = KeyStore.getInstance("PKCS12");
    try (InputStream input = Files.newInputStream(file)) {
      loaded.load(input, PASSWORD.toCharArray());
    }
    return loaded;
  }

  private static Path keystore(String algorithm) {
    return folder.resolve(algorithm + ".p12");
  }

  private static String certificate() throws Exception {
    return pem("CERTIFICATE", store.getCertificate("server").getEncoded());
  }

  private static String key(KeyStore from) throws Exception {
    return pem("PRIVATE KEY", from.getKey("server", PASSWORD.toCharArray()).getEncoded());
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, BASE64.encodeToString(der), type);
  }

  private static Path write(String name, String content) throws Exception {
    return Files.writeString(folder.resolve(name), content);
  }

  private static HttpListener open(TlsFiles files) {
    return HttpListener.open(
            new HttpSettings(new HttpSettings.Address("127.0.0.1", 0), null, files))
        .add("/open", Access.OPEN, request -> Response.json(Map.of("ok", true)));
  }

  private static void assertServes(TlsFiles files) throws Exception {
    try (HttpListener listener = open(files)) {
      assertThat(listener.url()).startsWith("https://127.0.0.1:");
      HttpClient client = HttpClient.newBuilder().sslContext(trusting(store)).build();
      assertThat(get(client, listener).body()).isEqualTo("{\"ok\":true}");
    }
  }

  private static HttpResponse<String> get(HttpClient client, HttpListener listener)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(listener.url() + "/open")).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static SSLContext trusting(KeyStore trusted) throws Exception {
    KeyStore certificates = KeyStore.getInstance("PKCS12");
    certificates.load(null, null);
    certificates.setCertificateEntry("server", trusted.getCertificate("server"));
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(certificates);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  @Test
  void servesWithPkcs12() throws Exception {
    assertServes(new TlsFiles(keystore("EC"), null, new Password(PASSWORD)));
  }

  @Test
  void servesWithPemFile() throws Exception {
    assertServes(new TlsFiles(write("both.pem", key(store) + certificate()), null, null));
  }

  @Test
  void servesWithSeparatePemFiles() throws Exception {
    Path chain = write("tls.crt", certificate());
    assertServes(new TlsFiles(chain, write("tls.key", key(store)), null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "Ed25519"})
  void readsKeysOfOtherAlgorithms(String algorithm) throws Exception {
    KeyStore other = generate(algorithm);
    String chain = pem("CERTIFICATE", other.getCertificate("server").getEncoded());

    TlsFiles files = new TlsFiles(write(algorithm + ".pem", chain + key(other)), null, null);

    assertThat(TlsFileReader.keyManager(files).getPrivateKey("server"))
        .isEqualTo(other.getKey("server", PASSWORD.toCharArray()));
  }

  @Test
  void unknownCertificateIsNotTrusted() throws Exception {
    try (HttpListener listener = open(new TlsFiles(keystore("EC"), null, new Password(PASSWORD)))) {
      assertThatThrownBy(() -> get(HttpClient.newHttpClient(), listener))
          .isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void rejectsUnusableFilesWithTheirSetting() throws Exception {
    Path missing = folder.resolve("missing.p12");
    assertRejected(
        new TlsFiles(missing, null, null), "http.tls.keystore: %s: no such file", missing);
    Path keystore = keystore("EC");
    assertRejected(
        new TlsFiles(keystore, null, new Password("wrong-password")),
        "http.tls.keystore: %s: cannot be read as a PKCS12 or PEM file",
        keystore);
    Path chain = write("chain.pem", certificate());
    assertRejected(
        new TlsFiles(chain, null, null), "http.tls.keystore: %s: it has no private key", chain);
    Path old = write("old.key", key(store).replace("PRIVATE KEY", "EC PRIVATE KEY"));
    assertRejected(
        new TlsFiles(chain, old, null),
        "http.tls.key: %s: expected an unencrypted PKCS#8 key (BEGIN PRIVATE KEY), got BEGIN EC"
            + " PRIVATE KEY; convert it with `openssl pkcs8 -topk8 -nocrypt -in",
        old);
    Path foreign = write("foreign.key", pem("PRIVATE KEY", new byte[] {1, 2, 3}));
    assertRejected(
        new TlsFiles(chain, foreign, null),
        "http.tls.key: %s: expected an RSA, EC or Ed25519 key",
        foreign);
  }

  private static void assertRejected(TlsFiles files, String message, Path file) {
    assertThatThrownBy(() -> open(files))
        .isInstanceOf(HttpListenerException.class)
        .hasMessageStartingWith(message.formatted(file))
        .message()
        .doesNotContain(PASSWORD);
  }
}
