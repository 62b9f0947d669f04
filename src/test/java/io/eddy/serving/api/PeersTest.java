package io.eddy.serving.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.config.HttpSettings;
import io.eddy.kafka.query.Instances.Instance;
import io.eddy.serving.http.Access;
import io.eddy.serving.http.HttpListener;
import io.eddy.serving.http.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PeersTest {
  private static final Password TOKEN = new Password("peers-test-token-0123456789");
  private static final Password PASSWORD = new Password("changeit");

  @TempDir Path folder;

  @Test
  void sendsTheTokenAndSaysWhoAsks() {
    HttpSettings settings = settings(TOKEN, null);
    try (HttpListener listener = listener(settings)) {
      Peers.Answer answer =
          new Peers(settings, "other:1")
              .askAll(List.of(instance("localhost", listener)), "/ask")
              .get(0);

      assertThat(answer.error()).isNull();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("{\"from\":\"other:1\"}");
      assertThat(answer.partitions()).containsExactly(0, 2);
      assertThat(Documents.error(ask(settings(null, null), "localhost", listener)))
          .contains("http.token");
      assertThat(Documents.error(missing(settings, listener))).contains("no such path: /none");
    }
  }

  private static Peers.Answer ask(HttpSettings settings, String host, HttpListener listener) {
    return new Peers(settings, "other:1").askAll(List.of(instance(host, listener)), "/ask").get(0);
  }

  private static Peers.Answer missing(HttpSettings settings, HttpListener listener) {
    return new Peers(settings, "other:1")
        .askAll(List.of(instance("localhost", listener)), "/none")
        .get(0);
  }

  @Test
  void trustsTheCertificateOfItsOwnFiles() throws Exception {
    HttpSettings settings = settings(TOKEN, keystore("own", "dns:localhost,ip:127.0.0.1"));
    HttpSettings stranger = settings(TOKEN, keystore("stranger", "dns:localhost"));
    try (HttpListener listener = listener(settings)) {
      assertThat(ask(settings, "localhost", listener).status()).isEqualTo(200);
      assertThat(ask(settings, "127.0.0.1", listener).status()).isEqualTo(200);
      assertThat(ask(stranger, "localhost", listener).error()).startsWith("no TLS connection");
    }
  }

  @Test
  void rejectsACertificateOfAnotherName() throws Exception {
    HttpSettings settings = settings(TOKEN, keystore("own", "dns:eddy.example"));
    try (HttpListener listener = listener(settings)) {
      assertThat(ask(settings, "localhost", listener).error()).startsWith("no TLS connection");
    }
  }

  @Test
  void answersOfTheOthersDoNotDependOnOneThatIsGone() throws IOException {
    HttpSettings settings = settings(null, null);
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    try (HttpListener listener = listener(settings)) {
      Instance gone = new Instance(new HostInfo("127.0.0.1", free), new TreeSet<>());

      List<Peers.Answer> answers =
          new Peers(settings, "other:1")
              .askAll(List.of(gone, instance("127.0.0.1", listener)), "/ask");

      assertThat(answers.get(0).error()).isEqualTo("it cannot be reached");
      assertThat(answers.get(1).status()).isEqualTo(200);
    }
  }

  private static Instance instance(String host, HttpListener listener) {
    return new Instance(new HostInfo(host, listener.port()), new TreeSet<>());
  }

  private static HttpSettings settings(
      @Nullable Password token, HttpSettings.@Nullable TlsFiles tls) {
    return new HttpSettings(new HttpSettings.Address("127.0.0.1", 0), token, tls);
  }

  private static HttpListener listener(HttpSettings settings) {
    HttpListener listener = HttpListener.open(settings);
    listener.add(
        "/ask",
        Access.TOKEN,
        request ->
            Response.json(Map.of("from", String.valueOf(request.header(Peers.FORWARDED))))
                .withHeader(Peers.PARTITIONS, "0,2"));
    return listener;
  }

  /** Creates a key and a certificate that it signs itself. */
  private HttpSettings.TlsFiles keystore(String name, String subjects) throws Exception {
    Path file = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=eddy",
                "-ext",
                "SAN=" + subjects,
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD.value(),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(output).isZero();
    return new HttpSettings.TlsFiles(file, null, PASSWORD);
  }
}
