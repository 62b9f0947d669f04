package io.eddy.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.kafka.config.HttpSettings;
import io.eddy.kafka.config.HttpSettings.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
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
    store = generate("EC", "EC");
  }

  private static KeyStore generate(String name, String algorithm) throws Exception {
    Path file = keystore(name);
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

  private static Path keystore(String name) {
    return folder.resolve(name + ".p12");
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

  private static SSLContext trusting(KeyStore... trusted) throws Exception {
    KeyStore certificates = KeyStore.getInstance("PKCS12");
    certificates.load(null, null);
    for (KeyStore each : trusted) {
      certificates.setCertificateEntry(
          "server-" + certificates.size(), each.getCertificate("server"));
    }
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
    KeyStore other = generate(algorithm, algorithm);
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
  void presentsRenewedCertificate() throws Exception {
    KeyStore renewed = generate("renewed", "RSA");
    Path chain = write("renewed.crt", certificate());
    Path key = write("renewed.key", key(store));
    AtomicLong nowNs = new AtomicLong();
    SSLContext server =
        TlsContext.of(new ReloadingKeyManager(new TlsFiles(chain, key, null), nowNs::get))
            .context();
    assertThat(presented(server, store, renewed)).isEqualTo(store.getCertificate("server"));

    // A half-written pair of files is not used.
    replace(chain, "-----BEGIN CERTIFICATE-----\n", 1);
    nowNs.addAndGet(Duration.ofSeconds(31).toNanos());
    assertThat(presented(server, store, renewed)).isEqualTo(store.getCertificate("server"));

    replace(chain, pem("CERTIFICATE", renewed.getCertificate("server").getEncoded()), 2);
    replace(key, key(renewed), 2);
    assertThat(presented(server, store, renewed)).isEqualTo(store.getCertificate("server"));
    nowNs.addAndGet(Duration.ofSeconds(31).toNanos());
    assertThat(presented(server, store, renewed)).isEqualTo(renewed.getCertificate("server"));
  }

  /** Writes a file whose time of modification is so many seconds after the original one. */
  private static void replace(Path file, String content, int seconds) throws Exception {
    FileTime before = Files.getLastModifiedTime(file);
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.from(before.toInstant().plusSeconds(seconds)));
  }

  /** Connects to a server and returns its certificate. */
  private static Certificate presented(SSLContext server, KeyStore... trusted) throws Exception {
    try (ServerSocket listening =
        server
            .getServerSocketFactory()
            .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> handshake =
          CompletableFuture.runAsync(
              () -> {
                try (SSLSocket accepted = (SSLSocket) listening.accept()) {
                  accepted.startHandshake();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      SSLContext client = trusting(trusted);
      try (SSLSocket socket =
          (SSLSocket)
              client
                  .getSocketFactory()
                  .createSocket(listening.getInetAddress(), listening.getLocalPort())) {
        Certificate certificate = socket.getSession().getPeerCertificates()[0];
        handshake.get(10, TimeUnit.SECONDS);
        return certificate;
      }
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
