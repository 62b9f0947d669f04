package io.eddy.kafka.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eddy.fuzz.DecoderFuzzer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutated settings: each is accepted or rejected with a line that says why. */
final class FuzzedSettingsTest {
  private static final Path DOCUMENTED = Path.of("deploy/eddy.properties");
  private static final String ASSIGNMENTS =
      """
      bootstrap.servers=a:1,[::1]:9092
      application.id=plant
      events.format=json
      events.key=site,unit.name
      events.time=at
      events.lateness=10m
      events.min=-10
      rocksdb.memory=64MiB
      models.load-limit=1g
      promotion.min-improvement=2%
      http.listen=127.0.0.1:8080
      http.token=${env:TOKEN}
      kafka.sasl.jaas.config=a b c;
      kafka.producer.linger.ms=${env:LINGER}
      threads=4
      """;

  @TempDir Path folder;

  private final DecoderFuzzer fuzzer = new DecoderFuzzer(150, InvalidSettingsException.class);

  @Test
  void files() throws IOException {
    Path file = folder.resolve("eddy.properties");
    String documented = Files.readString(DOCUMENTED);
    fuzzer.fuzz(
        bytes -> {
          Files.write(file, bytes);
          var unused = new SettingSources().environment(Map.of()).file(file).load();
        },
        List.of(
            documented.getBytes(UTF_8),
            // All settings that the file documents, set to their defaults.
            documented.replaceAll("(?m)^#(?=[a-z.-]+ *=)", "").getBytes(UTF_8),
            (ASSIGNMENTS + "a\\\n  b \\u00e4 : c\n! comment\n").getBytes(UTF_8)));
  }

  @Test
  void assignments() {
    fuzzer.fuzz(
        bytes -> {
          List<String> lines = new String(bytes, UTF_8).lines().toList();
          var unused =
              new SettingSources()
                  .environment(Map.of("TOKEN", "0123456789abcdef"))
                  .assignments(lines)
                  .load();
        },
        List.of(ASSIGNMENTS.getBytes(UTF_8)));
  }

  @Test
  void environment() {
    String variables =
        """
        EDDY_BOOTSTRAP_SERVERS=b:9092
        EDDY_KAFKA_PRODUCER_LINGER_MS=5
        EDDY_EVENTS_FORMAT=avro
        EDDY_SERVICE_HOST=10.0.0.1
        EDDY_HTTP_TOKEN=${file:/nowhere:token}
        EDDY_STATE_DIR=state
        """;
    fuzzer.fuzz(
        bytes -> {
          Map<String, String> environment = new TreeMap<>();
          new String(bytes, UTF_8)
              .lines()
              .forEach(
                  line -> {
                    int equals = line.indexOf('=');
                    environment.put(
                        equals < 0 ? line : line.substring(0, equals), line.substring(equals + 1));
                  });
          var unused = new SettingSources().environment(environment).load();
        },
        List.of(variables.getBytes(UTF_8)));
  }
}
