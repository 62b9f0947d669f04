package io.eddy.serving.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.config.HttpSettings;
import io.eddy.serving.http.HttpListener;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static HttpListener listener;

  @BeforeAll
  static void open() {
    listener =
        HttpListener.open(
            new HttpSettings(
                new HttpSettings.Address("127.0.0.1", 0),
                new Password("a-token-of-16-characters"),
                null));
    Page.addTo(listener);
  }

  @AfterAll
  static void close() {
    listener.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html; charset=utf-8",
    "/static/main.js, text/javascript; charset=utf-8",
    "/static/page.css, text/css; charset=utf-8",
    "/static/favicon.svg, image/svg+xml",
    "/webjars/uplot/uPlot.esm.js, text/javascript; charset=utf-8",
    "/webjars/uplot/uPlot.min.css, text/css; charset=utf-8"
  })
  void servesFilesWithoutToken(String path, String contentType) throws Exception {
    HttpResponse<byte[]> response = get(path);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains(contentType);
    assertThat(response.headers().firstValue("Cache-Control")).contains("no-cache");
    assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'self'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gzip"})
  void unchangedFileIsNotSentAgain(String encoding) throws Exception {
    HttpResponse<byte[]> first = get("/static/main.js", "Accept-Encoding", encoding);
    String tag = first.headers().firstValue("ETag").orElseThrow();

    HttpResponse<byte[]> same =
        get("/static/main.js", "Accept-Encoding", encoding, "If-None-Match", "\"x\", W/" + tag);
    HttpResponse<byte[]> other =
        get("/static/main.js", "Accept-Encoding", encoding, "If-None-Match", "\"x\"");

    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(same.headers().firstValue("ETag")).contains(tag);
    assertThat(other.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip, deflate, br | true",
        "br;q=1.0, gzip;q=0.8 | true",
        "gzip;q=0 | false",
        "gzip;q=0.0 | false",
        "x-gzip | false",
        "identity | false"
      })
  void compressesWhereAccepted(String header, boolean isCompressed) throws Exception {
    byte[] plain = get("/webjars/uplot/uPlot.esm.js").body();
    HttpResponse<byte[]> response = get("/webjars/uplot/uPlot.esm.js", "Accept-Encoding", header);

    assertThat(response.headers().firstValue("Vary")).contains("Accept-Encoding");
    assertThat(response.headers().firstValue("Content-Encoding").isPresent())
        .isEqualTo(isCompressed);
    assertThat(isCompressed ? gunzip(response.body()) : response.body()).isEqualTo(plain);
    if (isCompressed) {
      assertThat(response.body()).hasSizeLessThan(plain.length / 3);
    }
  }

  @Test
  void headHasNoBody() throws Exception {
    HttpResponse<byte[]> response =
        CLIENT.send(
            HttpRequest.newBuilder(uri("/static/page.css"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValueAsLong("Content-Length"))
        .hasValue(get("/static/page.css").body().length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/static/",
        "/static/nothing.js",
        "/static/../log4j2.xml",
        "/static/%2e%2e/log4j2.xml",
        "/static/..%2f..%2f..%2f..%2flog4j2.xml",
        "/static//etc/passwd",
        "/static/Page.class",
        "/webjars/uplot/package.json",
        "/webjars/uplot/../../../log4j2.xml",
        "/index.html"
      })
  void otherPathsAreUnknown(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void servesEveryResourceOfThePackage() throws IOException, URISyntaxException {
    Path folder =
        Path.of(Objects.requireNonNull(Page.class.getResource("index.html")).toURI()).getParent();
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.endsWith(".class") && !name.equals("index.html"))
              .toList();

      assertThat(Page.FILES).containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @Test
  void refersOnlyToFilesOfItsOwn() throws Exception {
    Pattern reference =
        Pattern.compile("(?:src|href)=\"([^\"#]+)\"|from \"([^\"]+)\"|url\\(([^)]+)\\)");
    for (String path : paths()) {
      String text = new String(get(path).body(), StandardCharsets.UTF_8);
      Matcher matcher = reference.matcher(text);
      while (matcher.find()) {
        String target =
            Stream.of(1, 2, 3).map(matcher::group).filter(Objects::nonNull).findFirst().get();
        URI resolved = uri(path).resolve(target);
        assertThat(resolved.getAuthority()).as(target).isEqualTo(uri("/").getAuthority());
        assertThat(get(resolved.getPath()).statusCode()).as(path + ": " + target).isEqualTo(200);
      }
    }
  }

  private static List<String> paths() {
    return Stream.concat(Stream.of("/"), Page.FILES.stream().map(name -> "/static/" + name))
        .toList();
  }

  private static byte[] gunzip(byte[] bytes) throws IOException {
    try (GZIPInputStream input = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return input.readAllBytes();
    }
  }

  private static HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    for (int i = 0; i < headers.length; i += 2) {
      if (!headers[i + 1].isEmpty()) {
        request.header(headers[i], headers[i + 1]);
      }
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static URI uri(String path) {
    return URI.create(listener.url() + path);
  }
}
