package io.eddy.kafka.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingSourcesTest {
  @TempDir Path directory;

  private Path file(String... lines) throws IOException {
    return Files.write(directory.resolve("plant.properties"), List.of(lines));
  }

  private static SettingSources environment(String variable, String value) {
    return new SettingSources().environment(Map.of(variable, value));
  }

  private static void assertRejected(SettingSources sources, String message) {
    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(sources::load)
        .withMessage(message);
  }

  @Test
  void environmentOverridesFile() throws IOException {
    SettingSources sources =
        new SettingSources()
            .file(file("threads = 3", "application.id = plant"))
            .environment(Map.of("EDDY_THREADS", "4"));

    Deployment deployment = sources.load().deployment();

    assertThat(deployment.threads().count()).isEqualTo(4);
    assertThat(deployment.applicationId()).isEqualTo("plant");
  }

  @Test
  void assignmentOverridesEnvironment() {
    SettingSources sources = environment("EDDY_THREADS", "4").assignments(List.of("threads=5"));

    assertThat(sources.load().deployment().threads().count()).isEqualTo(5);
  }

  @Test
  void laterAssignmentOverridesEarlier() {
    SettingSources sources = new SettingSources().assignments(List.of("threads=5", "threads = 6"));

    assertThat(sources.load().deployment().threads().count()).isEqualTo(6);
  }

  @Test
  void optionOverridesAssignment() {
    SettingSources sources =
        new SettingSources()
            .assignments(List.of("bootstrap.servers=a:1"))
            .option("--bootstrap-servers", "bootstrap.servers", "b:2, c:3");

    assertThat(sources.load().bootstrapServers()).isEqualTo("b:2,c:3");
  }

  @Test
  void emptyAssignmentRestoresDefault() throws IOException {
    SettingSources sources =
        new SettingSources().file(file("threads = 3")).assignments(List.of("threads="));

    assertThat(sources.load().deployment().threads().count()).isEqualTo(2);
  }

  @Test
  void emptyVariableCountsAsNotSet() throws IOException {
    SettingSources sources =
        new SettingSources().file(file("threads = 3")).environment(Map.of("EDDY_THREADS", ""));

    assertThat(sources.load().deployment().threads().count()).isEqualTo(3);
  }

  @Test
  void rejectsRepeatedKeyInFile() throws IOException {
    Path file = file("threads = 3", "model = a", "threads = 4");

    assertRejected(
        new SettingSources().file(file),
        file + ":3: setting \"threads\" is also in line 1; remove one of the two");
  }

  @Test
  void acceptsShortDuration() {
    SettingSources sources = new SettingSources().assignments(List.of("events.lateness=10m"));

    assertThat(sources.load().stream().policies().lateness().lateness()).hasMinutes(10);
  }

  @Test
  void saysWhyMonthsAreInvalid() {
    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(() -> new SettingSources().assignments(List.of("events.lateness=P1M")).load())
        .withMessageEndingWith(
            ", got \"P1M\"; months and years have no fixed length; use days or weeks, such as 30d");
  }

  @Test
  void everySettingHasVariableOfItsOwn() {
    assertThat(EddyConfig.DEFINITION.names().stream().map(EnvironmentVariables::variable))
        .doesNotHaveDuplicates()
        .contains("EDDY_BOOTSTRAP_SERVERS", "EDDY_EVENTS_MAX_VALUE", "EDDY_STATE_DIR")
        .doesNotContain(
            "EDDY_OPTS",
            "EDDY_DEBUG",
            "EDDY_LOG",
            "EDDY_LOG_FORMAT",
            "EDDY_LOG_KAFKA",
            "EDDY_VECTORS");
  }

  @Test
  void variableSetsValueWithDash() {
    EddyConfig config = environment("EDDY_EVENTS_MAX_VALUE", "40.5").load();

    assertThat(config.stream().policies().limits().maxValue()).isEqualTo(40.5);
  }

  @Test
  void kafkaVariableSetsClientProperty() {
    EddyConfig config = environment("EDDY_KAFKA_SECURITY_PROTOCOL", "SSL").load();

    assertThat(config.client()).containsEntry("security.protocol", "SSL");
  }

  @Test
  void emptyKafkaSettingIsPassedOn() throws IOException {
    EddyConfig config =
        new SettingSources().file(file("kafka.ssl.endpoint.identification.algorithm =")).load();

    assertThat(config.client()).containsEntry("ssl.endpoint.identification.algorithm", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EDDY_OPTS",
        "EDDY_DEBUG",
        "EDDY_LOG",
        "EDDY_LOG_FORMAT",
        "EDDY_LOG_KAFKA",
        "EDDY_VECTORS",
        "EDDY_SERVICE_HOST",
        "EDDY_SERVICE_PORT_HTTP",
        "EDDY_PORT",
        "EDDY_PORT_8080_TCP_ADDR",
        "EDDY_KAFKA_SERVICE_HOST",
        "EDDY_KAFKA_PORT",
        "HOME"
      })
  void variablesWithOtherPurposeAreIgnored(String variable) {
    assertThat(environment(variable, "x").keys()).isEmpty();
  }

  @Test
  void rejectsUnknownVariable() {
    assertRejected(
        environment("EDDY_THREAD", "4"),
        "unknown environment variable EDDY_THREAD; did you mean EDDY_THREADS?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "topic.event | ; did you mean \"topic.events\"?",
        "events.max_value | ; did you mean \"events.max-value\"?",
        "max-value | ; did you mean \"events.max-value\"?",
        "moves.steps-per-event | ; did you mean \"migration.steps-per-event\"?",
        "user-info | ; did you mean \"schema.registry.user-info\"?",
        "events.late | ; did you mean \"events.lateness\" or \"events.late-policy\"?",
        "sasl.jaas.config | ; did you mean \"kafka.sasl.jaas.config\"?",
        "kafka.state.dir | ; did you mean \"state.dir\"?",
        "colour | ''",
        "x | ''",
      })
  void suggestsSimilarSetting(String key, String question) {
    assertRejected(
        new SettingSources().assignments(List.of(key + "=secret")),
        "--set: unknown setting \"%s\"%s".formatted(key, question));
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "=secret"})
  void rejectsAssignmentWithoutKeyOrValue(String assignment) {
    assertRejected(
        new SettingSources().assignments(List.of(assignment)),
        "--set: expected key=value, such as --set threads=4");
  }

  @Test
  void reportsProblemsOfAllSourcesTogether() throws IOException {
    SettingSources sources =
        new SettingSources()
            .file(file("threads = many", "treads = 2"))
            .environment(Map.of("EDDY_EVENTS_MIN_VALUE", "low"))
            .option("--bootstrap-servers", "bootstrap.servers", "localhost");

    assertRejected(
        sources,
        """
        4 invalid settings:
          FILE:2: unknown setting "treads"; did you mean "threads"?
          --bootstrap-servers: bootstrap.servers: expected host:port, several separated by commas, got "localhost"
          environment variable EDDY_EVENTS_MIN_VALUE: events.min-value: expected a number, got "low"
          FILE:1: threads: expected a whole number from 1 to 999, got "many\"\
        """
            .replace("FILE", directory.resolve("plant.properties").toString()));
  }

  @ParameterizedTest
  @CsvSource({
    "schema.registry.user-info=secret, expected NAME:PASSWORD",
    "schema.registry.url=http://me:secret@host, expected http://HOST:PORT",
    "sasl.jaas.config=secret, unknown setting",
    "kafka.application.id=secret, unknown setting"
  })
  void errorsDoNotShowSecrets(String assignment, String message) {
    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(() -> new SettingSources().assignments(List.of(assignment)).load())
        .withMessageContaining(message)
        .satisfies(error -> assertThat(error.getMessage()).doesNotContain("secret"));
  }

  @Test
  void rejectsMissingFile() {
    Path missing = directory.resolve("missing.properties");

    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(() -> new SettingSources().file(missing))
        .withMessage(missing + ": no such file");
  }

  @Test
  void rejectsFileInOtherEncoding() throws IOException {
    Path file = directory.resolve("latin1.properties");
    Files.write(file, "model = Kälte".getBytes(StandardCharsets.ISO_8859_1));

    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(() -> new SettingSources().file(file))
        .withMessage(file + ": expected text in UTF-8");
  }
}
