package io.eddy.kafka.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eddy.kafka.topics.ClientProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings under {@code kafka.}: keys, values, sources and the clients that they reach. */
class KafkaSettingsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kafka.comit.interval.ms | unknown setting \"kafka.comit.interval.ms\"; did you mean"
            + " \"kafka.commit.interval.ms\"?",
        "kafka.sasl.jaas.confg | did you mean \"kafka.sasl.jaas.config\"?",
        "kafka.producer.linger.mss | did you mean \"kafka.producer.linger.ms\"?",
        "kafka.main.consumer.max.pol.records | did you mean"
            + " \"kafka.main.consumer.max.poll.records\"?",
        "kafka.topic.retention.m | did you mean \"kafka.topic.retention.ms\"?",
        "kafka.consumer.linger.ms | unknown setting \"kafka.consumer.linger.ms\"",
        "kafka.my.interceptor.path | a property of a plug-in is passed on as"
            + " \"kafka.custom.my.interceptor.path\"",
        "kafka.application.id | did you mean \"application.id\"?",
        "kafka.num.stream.threads | did you mean \"threads\"?",
        "kafka.consumer.group.id | did you mean \"application.id\"?",
        "kafka.admin.bootstrap.servers | did you mean \"bootstrap.servers\"?",
        "kafka.isolation.level | kafka.isolation.level cannot be set",
        "kafka.producer.transactional.id | cannot be set: Eddy depends on its value",
        "kafka.custom.linger.ms | \"linger.ms\" is a property of Kafka; use \"kafka.linger.ms\"",
        "kafka.custom.application.id | use \"application.id\"",
      })
  void rejectsKey(String key, String message) throws IOException {
    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(() -> file("", key + " = 1").load())
        .withMessageStartingWith(folder.resolve("plant.properties") + ":2: ")
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kafka.commit.interval.ms | soon | Not a number of type LONG, got \"soon\"",
        "kafka.commit.interval.ms | -1 | Value must be at least 0, got \"-1\"",
        "kafka.producer.compression.type | brotli | got \"brotli\"",
        "kafka.group.protocol | fast | got \"fast\"",
        "kafka.security.protocol | TLS | got \"TLS\"",
        "kafka.interceptor.classes | no.such.Class | ''",
        "kafka.admin.retries | many | Not a number of type INT, got \"many\"",
        "kafka.processing.guarantee | exactly_once | expected exactly_once_v2 or at_least_once",
      })
  void rejectsValue(String key, String value, String message) throws IOException {
    SettingSources sources = file("# comment", "", key + " = " + value);
    if (message.isEmpty()) {
      // Kafka loads the classes of a list when it creates the client.
      assertThat(sources.load().client()).containsEntry(key.substring("kafka.".length()), value);
      return;
    }
    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(sources::load)
        .withMessageStartingWith(folder.resolve("plant.properties") + ":3: " + key + ": ")
        .withMessageContaining(message);
  }

  @Test
  void propertiesReachTheirClients() {
    Map<String, Object> all =
        set(
            "kafka.security.protocol=SSL",
            "kafka.linger.ms=7",
            "kafka.producer.linger.ms=9",
            "kafka.max.poll.records=11",
            "kafka.consumer.max.poll.records=12",
            "kafka.main.consumer.max.poll.records=13",
            "kafka.admin.retries=3",
            "kafka.topic.retention.ms=5",
            "kafka.commit.interval.ms=50",
            "kafka.group.protocol=streams",
            "kafka.group.instance.id=pod-0",
            "kafka.custom.login.endpoint=https://idp");

    assertThat(ClientProperties.consumer(all))
        .containsOnly(
            Map.entry("bootstrap.servers", "localhost:9092"),
            Map.entry("security.protocol", "SSL"),
            Map.entry("max.poll.records", "12"),
            Map.entry("login.endpoint", "https://idp"));
    assertThat(ClientProperties.producer(all))
        .containsOnly(
            Map.entry("bootstrap.servers", "localhost:9092"),
            Map.entry("security.protocol", "SSL"),
            Map.entry("linger.ms", "9"),
            Map.entry("login.endpoint", "https://idp"));
    assertThat(ClientProperties.admin(all))
        .containsOnly(
            Map.entry("bootstrap.servers", "localhost:9092"),
            Map.entry("security.protocol", "SSL"),
            Map.entry("retries", "3"),
            Map.entry("login.endpoint", "https://idp"));
    assertThat(all)
        .containsEntry("group.protocol", "streams")
        .containsEntry("topic.retention.ms", "5")
        .containsEntry("main.consumer.max.poll.records", "13");
  }

  @Test
  void passwordsAreHidden() {
    EddyConfig config =
        new SettingSources()
            .assignments(
                List.of(
                    "kafka.ssl.key.password=s3cret",
                    "kafka.sasl.jaas.config=s3cret",
                    "http.token=s3cret-s3cret-s3cret",
                    "schema.registry.user-info=me:s3cret"))
            .load();

    assertThat(config.client().get("ssl.key.password")).isEqualTo(new Password("s3cret"));
    assertThat(config.toString()).doesNotContain("s3cret");
  }

  @Test
  void resolvesVariablesOfAllSettings() throws IOException {
    Path secrets = Files.writeString(folder.resolve("secrets.properties"), "password=from-file\n");
    Files.writeString(folder.resolve("token"), "from-the-folder-0123456789\n");
    EddyConfig config =
        file(
                "kafka.ssl.key.password = ${file:%s:password}".formatted(secrets),
                "kafka.sasl.jaas.config = Module required username=\"u\" password=\"${env:PASS}\";",
                "http.token = ${dir:%s:token}".formatted(folder),
                "model = ${env:MODEL}")
            .environment(Map.of("PASS", "from-env", "MODEL", "power ${env:PASS}"))
            .load();

    assertThat(config.client().get("ssl.key.password")).isEqualTo(new Password("from-file"));
    assertThat(config.client().get("sasl.jaas.config"))
        .isEqualTo(new Password("Module required username=\"u\" password=\"from-env\";"));
    assertThat(config.http().token()).isEqualTo(new Password("from-the-folder-0123456789"));
    assertThat(config.stream().model()).isEqualTo("power ${env:PASS}");
    assertThat(config.client()).doesNotContainKey("config.providers");
  }

  @Test
  void resolvesVariablesOfDeclaredProvider() throws IOException {
    Path secrets = Files.writeString(folder.resolve("secrets.properties"), "password=found\n");
    EddyConfig config =
        file(
                "kafka.config.providers = vault",
                "kafka.config.providers.vault.class ="
                    + " org.apache.kafka.common.config.provider.FileConfigProvider",
                "kafka.config.providers.vault.param.allowed.paths = " + folder,
                "kafka.ssl.key.password = ${vault:%s:password}".formatted(secrets))
            .load();

    assertThat(config.client().get("ssl.key.password")).isEqualTo(new Password("found"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${file:/no/such/file:password}",
        "${env:NO_SUCH_VARIABLE}",
        "${dir:/no/such/folder:password}",
        "${vault:path:password}"
      })
  void rejectsVariable(String variable) throws IOException {
    SettingSources sources = file("kafka.ssl.key.password = " + variable).environment(Map.of());

    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(sources::load)
        .withMessageStartingWith(
            "%s:1: kafka.ssl.key.password: cannot resolve %s: "
                .formatted(folder.resolve("plant.properties"), variable));
  }

  @ParameterizedTest
  @CsvSource({
    "threads, expected a whole number",
    "kafka.commit.interval.ms, the value is invalid",
    "topic.events, expected 1 to 249"
  })
  void errorsDoNotShowResolvedValues(String key, String message) throws IOException {
    SettingSources sources =
        file(key + " = ${env:SECRET}").environment(Map.of("SECRET", "s3cret !"));

    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(sources::load)
        .withMessageContaining(message)
        .satisfies(error -> assertThat(error.getMessage()).doesNotContain("s3cret"));
  }

  @Test
  void namesLinesOfContinuedAndDuplicateEntries() throws IOException {
    SettingSources sources =
        file("model = a\\", "   b", "! comment \\", "threads = 1", "threads: x", "treads 2");
    Path file = folder.resolve("plant.properties");

    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(sources::load)
        .withMessageContaining(
            "%s:5: setting \"threads\" is also in line 4; remove one of the two".formatted(file))
        .withMessageContaining("%s:5: threads: expected a whole number".formatted(file))
        .withMessageContaining("%s:6: unknown setting \"treads\"".formatted(file));
    assertThat(file("model = a\\", "   b", "threads = 3").load().stream().model()).isEqualTo("ab");
  }

  private static Map<String, Object> set(String... assignments) {
    return new SettingSources().assignments(List.of(assignments)).load().client();
  }

  private SettingSources file(String... lines) throws IOException {
    return new SettingSources()
        .file(Files.write(folder.resolve("plant.properties"), List.of(lines)));
  }
}
