package io.eddy.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks docker-compose.yml as Compose reads it. */
class ComposeFileTest {
  private static JsonNode services() throws Exception {
    ExternalProgram.require("docker", "compose", "version");
    return new ObjectMapper()
        .readTree(
            ExternalProgram.run(
                "docker", "compose", "--profile", "*", "config", "--format", "json"))
        .path("services");
  }

  @Test
  void forecasterIsBoundedAndPublished() throws Exception {
    JsonNode forecaster = services().path("forecaster");

    assertThat(forecaster.path("mem_limit").asLong()).isEqualTo(1L << 30);
    assertThat(forecaster.path("ports").path(0).path("target").asInt()).isEqualTo(8080);
    assertThat(forecaster.path("ports").path(0).path("host_ip").asText()).isEqualTo("127.0.0.1");
    assertThat(forecaster.path("stop_grace_period").asText()).isEqualTo("30s");
    assertThat(Files.readString(Path.of("deploy/Dockerfile"))).contains("HEALTHCHECK");
  }

  @Test
  void eddyRunsWithoutPrivileges() throws Exception {
    for (JsonNode service : services()) {
      if (service.path("image").asText().equals("eddy:local")) {
        assertThat(service.path("read_only").asBoolean()).isTrue();
        assertThat(service.path("cap_drop").path(0).asText()).isEqualTo("ALL");
        assertThat(service.path("security_opt").path(0).asText())
            .isEqualTo("no-new-privileges:true");
      }
    }
  }

  @Test
  void monitoringAndRegistryAreOptional() throws Exception {
    JsonNode services = services();

    assertThat(services.fieldNames())
        .toIterable()
        .filteredOn(name -> services.path(name).has("profiles"))
        .containsExactlyInAnyOrder("prometheus", "grafana", "registry");
  }

  @Test
  void mountedFilesExist() throws Exception {
    for (JsonNode service : services()) {
      for (JsonNode volume : service.path("volumes")) {
        if (volume.path("type").asText().equals("bind")) {
          assertThat(Path.of(volume.path("source").asText())).exists();
        }
      }
    }
  }

  @Test
  void prometheusScrapesTheForecaster() throws Exception {
    Path file = Path.of("deploy/compose/prometheus.yml");

    assertThat(ExternalProgram.run("promtool", "check", "config", "--syntax-only", file.toString()))
        .contains("SUCCESS");
    assertThat(Files.readAllLines(file))
        .containsAll(List.of("      - names: [forecaster]", "        port: 8080"));
  }
}
